import type { ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";

/** Writes a Fetch response, streamed. A client that leaves ends its body's source; a source that breaks off cuts the client off. */
export async function write(response: Response, outgoing: ServerResponse): Promise<void> {
  try {
    outgoing.statusCode = response.status;
    outgoing.statusMessage = response.statusText;
    for (const [name, value] of response.headers) outgoing.appendHeader(name, value);
    if (response.body === null) {
      outgoing.end();
      return;
    }
    // A body may be a long time coming: events, say.
    outgoing.flushHeaders();
    await pipeline(response.body as unknown as AsyncIterable<Uint8Array>, outgoing);
  } catch {
    // Half an answer must not look like a whole one, and there is nobody else to tell.
    outgoing.destroy();
  }
}

/** For what is no request that could be handed on. */
export function refuse(outgoing: ServerResponse): void {
  outgoing.writeHead(400, { "content-type": "text/plain; charset=utf-8", connection: "close" });
  outgoing.end("400: this request can't be routed\n");
}
