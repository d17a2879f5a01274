import type { IncomingMessage } from "node:http";

/**
 * A request's body as a stream of the Fetch standard, read as fast as it is taken. `Readable.toWeb` destroys the connection when
 * the stream is cancelled, as a backend that answers early has it, and with that the answer.
 */
export function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  let isOpen = true;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const end = (finish: () => void) => () => {
        if (isOpen) finish();
        isOpen = false;
      };
      incoming.pause();
      incoming.on("data", (chunk: Uint8Array) => {
        if (isOpen) controller.enqueue(chunk);
        if (isOpen && (controller.desiredSize ?? 0) <= 0) incoming.pause();
      });
      incoming.once("end", end(() => controller.close())); // prettier-ignore
      incoming.once("close", end(() => controller.error(new Error("the client broke its request off")))); // prettier-ignore
      // Without a listener an error ends the process; "close" follows it.
      incoming.on("error", () => {});
    },
    pull() {
      incoming.resume();
    },
    cancel() {
      isOpen = false;
      incoming.resume();
    },
  });
}
