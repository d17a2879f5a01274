import { isContext } from "../context.js";
import type { EvaluationContext } from "../types.js";

/** A request that can't be answered: the status and the OpenFeature code that say why. */
export class BadRequest extends Error {
  readonly status: 400 | 413;
  readonly errorCode: "PARSE_ERROR" | "INVALID_CONTEXT";

  constructor(status: 400 | 413, errorCode: "PARSE_ERROR" | "INVALID_CONTEXT", message: string) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
  }
}

/**
 * The evaluation context that a request brings; an empty one where its body names none.
 * @throws BadRequest for a body that is too long, is no JSON object, or whose context is no object.
 */
export async function contextOf(request: Request, maxBytes: number): Promise<EvaluationContext> {
  const body = parsed(await bytesOf(request, maxBytes));
  const context = Object.hasOwn(body, "context") ? body["context"] : {};
  if (!isContext(context)) throw new BadRequest(400, "INVALID_CONTEXT", "`context` must be an object");
  return context;
}

function parsed(bytes: ArrayBuffer): { readonly [name: string]: unknown } {
  const body = parse(bytes);
  if (!isContext(body)) throw new BadRequest(400, "PARSE_ERROR", "the body must be a JSON object");
  return body;
}

function parse(bytes: ArrayBuffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new BadRequest(400, "PARSE_ERROR", "the body must be JSON");
  }
}

/** Not `request.bytes()`: whoever sends without end would fill the isolate. */
async function bytesOf(request: Request, maxBytes: number): Promise<ArrayBuffer> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for await (const chunk of chunksOf(request)) {
    length += chunk.length;
    if (length > maxBytes) throw new BadRequest(413, "PARSE_ERROR", `the body must have at most ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return new Blob(chunks).arrayBuffer();
}

/** Streams are no async iterables in every browser. */
async function* chunksOf({ body }: Request): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if (body === null) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
