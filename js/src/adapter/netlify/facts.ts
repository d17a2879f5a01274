import type { EvaluationContext } from "../../types.js";
import type { NetlifyContext } from "./context.js";

/** The client's address, as Netlify knows it; null outside of Netlify. */
export function clientAddress(_request: Request, { ip }: NetlifyContext): string | null {
  return ip ?? null;
}

/** The attributes `request.*` that Netlify knows, by the names that they have on Cloudflare. */
export function requestAttributes(_request: Request, { ip, geo = {} }: NetlifyContext): EvaluationContext {
  return {
    ip,
    city: geo.city,
    country: geo.country?.code,
    postalCode: geo.postalCode,
    region: geo.subdivision?.name,
    regionCode: geo.subdivision?.code,
    timezone: geo.timezone,
  };
}
