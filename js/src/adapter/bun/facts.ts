/** The part of `Bun.serve`'s server that is used. */
export interface BunServer {
  requestIP(request: Request): { readonly address: string } | null;
}

/** What the connection says of a client; null for a Unix socket, or where the client is gone. */
export function peer(request: Request, server: BunServer): { readonly ip: string | null } {
  return { ip: server.requestIP(request)?.address ?? null };
}
