/** The part of what `Deno.serve` tells of a request that is used. */
export interface DenoInfo {
  /** The other end of the connection; a Unix socket has no host. */
  readonly remoteAddr: { readonly transport: string; readonly hostname?: string };
}

/** What the connection says of a client. */
export function peer(_request: Request, info: DenoInfo): { readonly ip: string | null } {
  return { ip: info.remoteAddr.hostname ?? null };
}
