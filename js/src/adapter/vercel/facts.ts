import type { EvaluationContext } from "../../types.js";
import { requestContext } from "./background.js";

/** Which header Vercel's proxy tells each attribute in: those of Cloudflare's names. Its texts are percent-encoded. */
const FACTS = {
  city: "x-vercel-ip-city",
  continent: "x-vercel-ip-continent",
  country: "x-vercel-ip-country",
  postalCode: "x-vercel-ip-postal-code",
  regionCode: "x-vercel-ip-country-region",
  timezone: "x-vercel-ip-timezone",
};

/**
 * The client's address, as Vercel's proxy sets it over whatever a client sent. Null elsewhere: in front of `next start`, say,
 * the header would be the client's own.
 */
export function clientAddress(request: Request): string | null {
  return isOnVercel() ? request.headers.get("x-real-ip") : null;
}

/** The attributes `request.*` that Vercel knows: `ip`, `country` and more; none elsewhere. */
export function requestAttributes(request: Request): EvaluationContext {
  if (!isOnVercel()) return {};
  const known = Object.entries(FACTS).map(([name, header]) => [name, decoded(request.headers.get(header))] as const);
  return Object.fromEntries([["ip", clientAddress(request) ?? undefined], ...known]);
}

/** Vercel gives each request a context, and sets `VERCEL` where system environment variables are exposed. */
function isOnVercel(): boolean {
  const { process } = globalThis as { process?: { env?: { [name: string]: string | undefined } } };
  return requestContext() !== undefined || process?.env?.["VERCEL"] === "1";
}

function decoded(value: string | null): string | undefined {
  try {
    return value === null ? undefined : decodeURIComponent(value);
  } catch {
    return undefined;
  }
}
