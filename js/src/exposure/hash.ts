/** HMAC-SHA-256 under a key, as hexadecimal digits. Rejects where there is no WebCrypto: a page without TLS. */
export function hasher(key: string): (text: string) => Promise<string> {
  const encoder = new TextEncoder();
  let imported: Promise<CryptoKey> | undefined;

  return async (text) => {
    imported ??= crypto.subtle.importKey("raw", encoder.encode(key), { name: "HMAC", hash: "SHA-256" }, false, [
      "sign",
    ]);
    const digest = await crypto.subtle.sign("HMAC", await imported, encoder.encode(text));
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  };
}
