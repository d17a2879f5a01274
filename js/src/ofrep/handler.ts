import { isForPages } from "../bootstrap/pages.js";
import { reasonOf } from "../errors.js";
import type { FlagEngine } from "../flags.js";
import { supplyOf, type EngineOption } from "../openfeature/supply.js";
import type { Keeper } from "../source/source.js";
import type { Evaluation, EvaluationContext, Json } from "../types.js";
import { answerOf, bulkAnswerOf, statusOf } from "./answer.js";
import { BadRequest, contextOf } from "./body.js";
import { etagOf, matches } from "./etag.js";

/** Where flags are asked for; with a key behind it, where one is. */
const PATH = /^\/ofrep\/v1\/evaluate\/flags(?:\/([^/]*))?$/;

const BODY_BYTES = 64 << 10;

/** How a handler answers. */
export interface OfrepOptions {
  /** The engine, or a live engine that follows a source. */
  readonly engine: EngineOption;
  /** The longest request body, in bytes. Default 65,536; a longer one is answered with 413. */
  readonly maxBodyBytes?: number;
  /** True where browsers ask: flags for servers alone, and broken ones, are then as if they were not there. Default false. */
  readonly forBrowsers?: boolean;
}

/**
 * Answers a request, or gives null where its path is none of OFREP's. Never rejects.
 * @param keeper - keeps a live engine's reads alive after the response is sent: a worker's execution context.
 */
export type OfrepHandler = (request: Request, keeper?: Keeper) => Promise<Response | null>;

/** Whose request it is, and what it asks for. */
interface Question {
  readonly request: Request;
  readonly engine: FlagEngine;
  readonly context: EvaluationContext;
  readonly shows: (evaluation: Evaluation) => boolean;
}

/**
 * Makes what answers the OpenFeature Remote Evaluation Protocol: `POST /ofrep/v1/evaluate/flags/{key}` and, for all flags,
 * `POST /ofrep/v1/evaluate/flags`. Who may ask, and from which origins, is for the caller to see to before.
 *
 * @example
 * const ofrep = createOfrepHandler({ engine });
 * export default { fetch: async (request, env, ctx) => (await ofrep(request, ctx)) ?? new Response(null, { status: 404 }) };
 */
export function createOfrepHandler(options: OfrepOptions): OfrepHandler {
  const { engine, maxBodyBytes = BODY_BYTES, forBrowsers = false } = options;
  const supply = supplyOf(engine);
  const shows = forBrowsers ? isForPages : () => true;

  const question = async (request: Request, keeper: Keeper | undefined): Promise<Question> => {
    const context = await contextOf(request, maxBodyBytes);
    return { request, context, shows, engine: await supply.get(keeper) };
  };

  return async (request, keeper) => {
    const match = PATH.exec(new URL(request.url).pathname);
    if (match === null) return null;
    if (request.method !== "POST") return new Response(null, { status: 405, headers: { allow: "POST" } });
    const key = decoded(match[1]);
    try {
      const asked = await question(request, keeper);
      return key === undefined ? await bulk(asked) : single(asked, key);
    } catch (error) {
      return failure(error, key);
    }
  };
}

function single({ engine, context, shows }: Question, key: string): Response {
  const evaluation = engine.evaluate(key, context);
  if (shows(evaluation)) return json(answerOf(evaluation), statusOf(evaluation));
  // Of an unknown flag browsers are told the same: it has no variant either.
  return json({ key, errorCode: "FLAG_NOT_FOUND", errorDetails: `there is no flag \`${key}\`` }, 404);
}

async function bulk({ request, engine, context, shows }: Question): Promise<Response> {
  const body = new TextEncoder().encode(JSON.stringify(bulkAnswerOf(engine.evaluateAll(context), shows)));
  const etag = await etagOf(body);
  if (matches(request.headers.get("if-none-match"), etag))
    return new Response(null, { status: 304, headers: { etag } });
  return new Response(body, { headers: { "content-type": "application/json", etag } });
}

/** Without a key it is the whole request that failed. */
function failure(error: unknown, key: string | undefined): Response {
  const of = key === undefined ? {} : { key };
  if (error instanceof BadRequest) {
    return json({ ...of, errorCode: error.errorCode, errorDetails: error.message }, error.status);
  }
  return json({ ...of, errorCode: "GENERAL", errorDetails: reasonOf(error) }, 500);
}

function json(body: Json, status: number): Response {
  return Response.json(body, { status });
}

/** The key that is asked for; as it is written where that can't be decoded. Undefined for all flags. */
function decoded(segment: string | undefined): string | undefined {
  try {
    return segment && decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
