import type { IncomingMessage } from "node:http";

/** What the connection says of a client. */
export function peer(
  _request: Request,
  { socket, httpVersion }: IncomingMessage,
): { readonly ip: string | null; readonly httpProtocol: string } {
  return { ip: socket.remoteAddress ?? null, httpProtocol: `HTTP/${httpVersion}` };
}
