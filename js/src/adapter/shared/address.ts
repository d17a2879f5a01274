/** An address as it is written: a v4 address that came over a v6 socket as v4, and without the zone of a link-local one. */
export function plainAddress(address: string | null | undefined): string | null {
  if (address === null || address === undefined || address === "") return null;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  return mapped?.[1] ?? address.split("%", 1)[0] ?? null;
}
