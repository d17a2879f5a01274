/**
 * The entity tag of a body, made of the body itself: a decision depends on the snapshot, on guards' orders, on the time and on the
 * context, and so does whether it has changed.
 */
export async function etagOf(body: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  // 16 of 32 bytes: two bodies of one tag are not to be met with by accident.
  return `"${[...hash.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}"`;
}

/** Whether an `If-None-Match` names the tag, compared weakly (RFC 9110, section 13.1.2): who compresses an answer makes its tag weak. */
export function matches(ifNoneMatch: string | null, etag: string): boolean {
  const tags = (ifNoneMatch ?? "").split(",").map((tag) => tag.trim());
  return tags.some((tag) => tag === "*" || tag === etag || tag === `W/${etag}`);
}
