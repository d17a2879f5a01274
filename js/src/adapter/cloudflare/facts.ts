/** The client's address: Cloudflare sets the header itself, over whatever a client sent. Null outside of Cloudflare. */
export function clientAddress(request: Request): string | null {
  return request.headers.get("cf-connecting-ip");
}
