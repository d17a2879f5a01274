/** The point of order 1 as a public key, and the signature that is good for it over everything: R is that point, S is 0. */
const ONE = Uint8Array.from({ length: 32 }, (_, at) => Number(at === 0));
const FORGED = Uint8Array.from({ length: 64 }, (_, at) => Number(at === 0));

/** Whether this runtime takes it, and what comes of it here. @param {typeof import("../dist/signature.js")} signatures */
export async function takesForgery({ keyId }) {
  const key = await crypto.subtle.importKey("raw", ONE, "Ed25519", true, ["verify"]);
  const byWebCrypto = await crypto.subtle.verify("Ed25519", key, FORGED, new Uint8Array(3));
  const url = `AQ${"A".repeat(41)}`;
  const byUs = await keyId(url).catch((/** @type {Error} */ { name }) => name);
  return { byWebCrypto, byUs };
}
