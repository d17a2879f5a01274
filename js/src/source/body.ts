/**
 * A response's body, of which no more than `most` bytes are ever held.
 * @throws Error when it is longer, or breaks off.
 */
export async function boundedBytes({ body }: Response, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = body?.getReader();
  for (;;) {
    const { value, done = true } = (await reader?.read().catch(brokenOff)) ?? {};
    if (done || value === undefined) return joined(chunks, length);
    length += value.length;
    if (length > most) {
      await reader?.cancel();
      throw new Error(`the snapshot is longer than ${most} bytes`);
    }
    chunks.push(value);
  }
}

/** Node says `terminated` and no more. */
function brokenOff(cause: unknown): never {
  throw new Error("the snapshot broke off", { cause });
}

/** Chunks as one array. */
export function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
