import type { EvaluationContext } from "../../types.js";

/** The client's address: Cloudflare sets the header itself, over whatever a client sent. Null outside of Cloudflare. */
export function clientAddress(request: Request): string | null {
  return request.headers.get("cf-connecting-ip");
}

/** What `request.cf` says that flags and routes are made of: texts and numbers. */
const FACTS = [
  "asn",
  "city",
  "colo",
  "continent",
  "country",
  "httpProtocol",
  "postalCode",
  "region",
  "regionCode",
  "timezone",
  "tlsVersion",
];

/** The attributes `request.*` that Cloudflare knows: `ip`, and these of `request.cf`. None comes from what a client sent. */
export function requestAttributes(request: Request): EvaluationContext {
  const cf = (request as { cf?: { readonly [name: string]: unknown } }).cf ?? {};
  const known = FACTS.map((name) => [name, cf[name]] as const);
  return Object.fromEntries([["ip", clientAddress(request) ?? undefined], ...known]);
}
