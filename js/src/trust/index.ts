export type { Override } from "../types.js";
export type { OverrideClaims } from "./claims.js";
export type { OverrideKey } from "./key.js";
export {
  mintOverride,
  verifyOverrides,
  type MintOptions,
  type VerifiedOverride,
  type VerifyOptions,
} from "./overrides.js";
