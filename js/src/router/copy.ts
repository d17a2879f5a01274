import { responseHeaders } from "./headers.js";
import type { Platform } from "./options.js";

/**
 * The largest body that is copied, in bytes, decoded. While it is read, the client's side is held in memory as well, however
 * slow the client is: an isolate has 128 MB for everything.
 */
const COPY_BYTES = 2 << 20;

/** Content codings that every platform's streams decode when a script reads them. */
const DECODED = ["", "gzip", "br"];

/** Whether a copy can be made: of what is not too long, and reads as what it means. */
export function isCopyable({ headers, body }: Response): boolean {
  const coding = codingOf(headers);
  // A decoded copy would be a transformation (RFC 9110, section 7.7).
  const mayBeDecoded = coding === "" || !/\bno-transform\b/i.test(headers.get("cache-control") ?? "");
  const length = Number(headers.get("content-length") ?? 0);
  return body !== null && DECODED.includes(coding) && mayBeDecoded && length <= COPY_BYTES;
}

/**
 * A copy that is whole, or null where the body is too long. It rejects for a body that breaks off: a cache that is given a broken
 * stream keeps the part as if it were the whole, as workerd's does. It is decoded, for every client can read that; workerd would
 * encode what it gives back once more.
 */
export async function copyOf(response: Response, platform: Platform): Promise<Response | null> {
  const parts = await partsOf(response.body);
  if (parts === null) return null;
  const headers = responseHeaders(response, platform);
  if (codingOf(response.headers) !== "") dropCoding(headers);
  return new Response(new Blob(parts), { status: response.status, headers });
}

async function partsOf(
  body: ReadableStream<Uint8Array<ArrayBuffer>> | null,
): Promise<Uint8Array<ArrayBuffer>[] | null> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const reader = body?.getReader();
  for (let bytes = 0; ;) {
    const next = await reader?.read();
    if (next === undefined || next.done) return parts;
    parts.push(next.value);
    bytes += next.value.length;
    if (bytes > COPY_BYTES) return discard(reader);
  }
}

/** Not waited for: one side of a clone is not cancelled before the other is done. The client reads on at its own pace. */
function discard(reader: ReadableStreamDefaultReader | undefined): null {
  reader?.cancel().catch(() => {});
  return null;
}

/** Other bytes under the same name need a weak one (RFC 9110, section 8.8.1). */
function dropCoding(headers: Headers): void {
  for (const name of ["content-encoding", "content-length"]) headers.delete(name);
  const etag = headers.get("etag");
  if (etag?.startsWith('"')) headers.set("etag", `W/${etag}`);
}

function codingOf(headers: Headers): string {
  return (headers.get("content-encoding") ?? "").trim().toLowerCase();
}
