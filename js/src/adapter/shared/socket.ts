import type { EvaluationContext } from "../../types.js";
import { plainAddress } from "./address.js";
import type { Host } from "./handler.js";

/** For platforms that know of a client what its connection says, and no more. */
export interface ProxyOptions {
  /**
   * Where every request comes through a proxy of your own: which header it tells each attribute `request.*` in, such as
   * `{ ip: "x-real-ip", country: "x-country" }`. Name only headers that it sets over whatever a client sent. Of a list of
   * addresses the last counts, which the proxy itself has added. Default: none, and `request.ip` is the connection's.
   */
  readonly proxyHeaders?: { readonly [attribute: string]: string };
}

/**
 * A host whose clients are at the other end of a socket, or of a proxy's.
 * @param peer - the connection's address, and its protocol where that is known.
 * @throws TypeError for a header that has no header's name.
 */
export function socketHost<Beside>(
  { proxyHeaders }: ProxyOptions,
  peer: (request: Request, beside: Beside) => { readonly ip: string | null; readonly httpProtocol?: string },
): Omit<Host<Beside>, "open"> {
  const attributesOf = proxyHeaders && fromProxy(proxyHeaders);
  const known = (request: Request, beside: Beside): EvaluationContext => {
    const { ip, ...rest } = peer(request, beside);
    return { ...rest, ...(attributesOf?.(request) ?? { ip: plainAddress(ip) ?? undefined }) };
  };
  return {
    requestAttributes: known,
    clientAddress: (request, beside) => (known(request, beside)["ip"] as string | undefined) ?? null,
  };
}

function fromProxy(proxyHeaders: { readonly [attribute: string]: string }): (request: Request) => EvaluationContext {
  const named = Object.entries(proxyHeaders);
  const none = new Headers();
  // Here, where the process starts, and not in each request.
  for (const [, header] of named) none.get(header);
  return ({ headers }) =>
    Object.fromEntries(named.map(([attribute, header]) => [attribute, told(attribute, headers.get(header))]));
}

function told(attribute: string, value: string | null): string | undefined {
  if (value === null || attribute !== "ip") return value ?? undefined;
  return plainAddress(value.split(",").at(-1)?.trim()) ?? undefined;
}
