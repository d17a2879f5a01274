/** Snapshots signed by whoever publishes them: the entry point `pointsman/signature`. */
export { generateSigningKey, keyId, type PublicKey, type SigningKey } from "./ed25519.js";
export { SignatureError, type SignatureErrorCode } from "./signature-error.js";
export {
  signSnapshot,
  verifySnapshot,
  type SignOptions,
  type VerifiedSignature,
  type VerifySnapshotOptions,
} from "./snapshot.js";
