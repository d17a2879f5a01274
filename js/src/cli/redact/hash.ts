import { createHash } from "node:crypto";

/** Gives the form that a text has in hashed lists; `isFolded` where it is compared whatever the case of its letters, which are ASCII's. */
export type Hash = (text: string, isFolded: boolean) => string;

/** SHA-256 of salt, a zero byte and text, as base64url without padding. A salt has no control characters, so none holds that byte. */
export function hashWith(salt: string): Hash {
  return (text, isFolded) => {
    const folded = isFolded ? text.toLowerCase() : text;
    return createHash("sha256").update(`${salt}\0${folded}`).digest("base64url");
  };
}
