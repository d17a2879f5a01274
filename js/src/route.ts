import type { Boundary } from "./boundary.js";
import { GENERAL, INVALID_CONTEXT, evaluationOf, notFound } from "./decision.js";
import type { Decider } from "./decider.js";
import {
  NO_FLAG,
  ROUTE_BACKEND,
  ROUTE_DECISION,
  ROUTE_FALLBACK,
  ROUTE_INDEX,
  ROUTE_VISITOR,
  ROUTE_VISITOR_LENGTH,
  ROUTE_VISITOR_OFFSET,
  ROUTE_WORDS,
  VISITOR_FRESH,
  VISITOR_NONE,
} from "./layout.js";
import type { Table, WireRoute } from "./table.js";
import type { Evaluation, RequestFacts, RequestLike, RouteDecision } from "./types.js";

/** What routes look at in a request. */
interface Asked {
  readonly host: string;
  readonly path: string;
  readonly method: string;
  readonly cookie: string | null;
  readonly freshId: string | undefined;
  readonly navigation: boolean;
  readonly context: unknown;
}

/** What the engine says of a request. */
interface Answer {
  readonly words: Int32Array;
  readonly visitorId: string | null;
}

/** One snapshot's routes. */
export type Routing = (request: RequestLike, facts?: RequestFacts) => RouteDecision | null;

/** How routes are decided. */
export interface RoutingParts {
  readonly boundary: Boundary;
  readonly pack: Decider["pack"];
  readonly time: () => number;
  readonly trapped: () => void;
}

/** Decides the routes of a table. */
export function createRouting(parts: RoutingParts, table: Table, revision: number | null): Routing {
  const { manifest } = table;
  const origins = new Map(manifest.backendNames.map((name, i) => [name, manifest.backends[i]?.origin ?? ""]));

  const leadTo = (route: WireRoute, backend: string) => ({
    route: route.name,
    backend,
    origin: origins.get(backend) ?? "",
    fallbackOrigin: origins.get(route.fallback) ?? "",
    revision,
  });

  const evaluate = (flagKey: string, word: number): Evaluation => {
    const flag = table.flag(flagKey);
    return flag === undefined ? notFound(flagKey) : evaluationOf(flag, word);
  };

  const answered = ({ words, visitorId }: Answer): RouteDecision => {
    const place = wordAt(words, ROUTE_INDEX);
    const route = manifest.routes[place] as WireRoute;
    const decision = wordAt(words, ROUTE_DECISION);
    return {
      ...leadTo(route, manifest.backendNames[wordAt(words, ROUTE_BACKEND)] ?? route.fallback),
      fallback: wordAt(words, ROUTE_FALLBACK) !== 0,
      evaluation: route.flag === undefined || decision >>> 0 === NO_FLAG ? null : evaluate(route.flag, decision),
      visitorId,
      setCookie: wordAt(words, ROUTE_VISITOR) === VISITOR_FRESH ? cookieOf(table, place, visitorId) : null,
    };
  };

  /** The engine can't say: the matching route's fallback. A context that can't be read is nothing to a fixed backend. */
  const unanswered = (asked: Asked, word: number): RouteDecision | null => {
    const route = manifest.routes.find(({ match }) => matches(match, asked));
    if (route === undefined) return null;
    const fixed = word === INVALID_CONTEXT ? route.backend : undefined;
    return {
      ...leadTo(route, fixed ?? route.fallback),
      fallback: fixed === undefined,
      evaluation: word === INVALID_CONTEXT && route.flag !== undefined ? evaluate(route.flag, word) : null,
      visitorId: null,
      setCookie: null,
    };
  };

  return (request, facts) => {
    const asked = manifest.routes.length === 0 ? null : read(request, facts);
    if (asked === null) return null;
    const answer = ask(parts, table, asked);
    if (typeof answer === "number") return unanswered(asked, answer);
    return answer && answered(answer);
  };
}

/** Null where no route matches; the word of an error where the engine can't say. */
function ask({ boundary, pack, time, trapped }: RoutingParts, table: Table, asked: Asked): Answer | number | null {
  const now = table.manifest.timedRouting ? time() : 0;
  if (Number.isNaN(now)) return GENERAL;
  if (!pack(table, table.routing, asked.context, factsOf(asked))) return INVALID_CONTEXT;
  try {
    return boundary.route(now) ? answerOf(boundary) : null;
  } catch {
    trapped();
    return GENERAL;
  }
}

function answerOf(boundary: Boundary): Answer {
  const words = boundary.results(ROUTE_WORDS);
  const hasVisitor = wordAt(words, ROUTE_VISITOR) !== VISITOR_NONE;
  const text = () => boundary.text(wordAt(words, ROUTE_VISITOR_OFFSET), wordAt(words, ROUTE_VISITOR_LENGTH));
  return { words, visitorId: hasVisitor ? text() : null };
}

function wordAt(words: Int32Array, place: number): number {
  return words[place] as number;
}

/** In the order of the facts' slots. */
function factsOf({ host, path, method, cookie, freshId, navigation }: Asked): readonly unknown[] {
  return [host, path, method, cookie, freshId, navigation];
}

/** Null for what is no request with an absolute URL: no route can match it. */
function read(request: RequestLike, facts: RequestFacts | undefined): Asked | null {
  try {
    const { hostname, pathname } = new URL(request.url);
    const mode = request.headers.get("sec-fetch-mode");
    return {
      host: hostname,
      path: pathname,
      method: request.method.toUpperCase(),
      cookie: request.headers.get("cookie"),
      freshId: facts?.freshId,
      navigation: mode === null || mode === "navigate",
      context: facts?.context,
    };
  } catch {
    return null;
  }
}

/** The engine's own rule, for when it can't be asked. */
function matches({ host, path, methods }: WireRoute["match"], asked: Asked): boolean {
  const prefix = path?.endsWith("*") === true;
  const pathMatches = prefix ? asked.path.startsWith(path.slice(0, -1)) : path === undefined || path === asked.path;
  return (
    pathMatches &&
    (host === undefined || host === asked.host) &&
    (methods === undefined || methods.includes(asked.method))
  );
}

function cookieOf({ manifest }: Table, place: number, visitorId: string | null): string | null {
  const cookie = manifest.cookies[place] ?? null;
  return cookie === null || visitorId === null ? null : `${cookie.name}=${visitorId}${cookie.attributes}`;
}
