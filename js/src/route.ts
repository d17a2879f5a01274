import type { EdgeBoundary } from "./edge-boundary.js";
import { GENERAL, INVALID_CONTEXT, deepFreeze, evaluationOf, notFound } from "./decision.js";
import type { Decider } from "./decider.js";
import {
  FACTS,
  NO_FAULT,
  NO_FLAG,
  ROUTE_BACKEND,
  ROUTE_DECISION,
  ROUTE_FALLBACK,
  ROUTE_FAULT,
  ROUTE_FAULT_DELAY,
  ROUTE_INDEX,
  ROUTE_VISITOR,
  ROUTE_VISITOR_LENGTH,
  ROUTE_VISITOR_OFFSET,
  ROUTE_WORDS,
  VISITOR_FRESH,
  VISITOR_NONE,
} from "./layout.js";
import { isOfRequest } from "./context.js";
import { read, requestReaderOf, type Asked, type RequestReader } from "./request.js";
import { type EdgeManifest, type Plan, type Table, type WireRoute } from "./table.js";
import type {
  CachePlan,
  Evaluation,
  InjectedFault,
  Override,
  RequestFacts,
  RequestLike,
  RouteDecision,
  Upstream,
} from "./types.js";

/** What the engine says of a request. */
interface Answer {
  readonly words: readonly number[];
  readonly visitorId: string | null;
}

/** One snapshot's routes. */
export type Routing = (request: RequestLike, facts?: RequestFacts) => RouteDecision | null;

/** How routes are decided. */
export interface RoutingParts {
  readonly boundary: EdgeBoundary;
  readonly pack: Decider["pack"];
  /** What schedules see. */
  readonly time: () => number;
  /** The true time. */
  readonly clock: () => number;
  readonly trapped: () => void;
}

const NOWHERE: Upstream = { origin: "", pathPrefix: "", headers: {}, timeoutMs: null };

/** What routes look at. */
interface Needs {
  /** The attributes that routes ask for, then the request's facts, then the request's attributes. */
  readonly plan: Plan;
  /** What routes ask for that only the request knows, in the order of the last slots of the plan. */
  readonly requestReaders: readonly RequestReader[];
}

/** Decides the routes of a table. */
export function createRouting(
  parts: RoutingParts,
  table: Table,
  manifest: EdgeManifest,
  revision: number | null,
): Routing {
  const needs = needsOf(table, manifest);
  const upstreams = new Map(manifest.backendNames.map((name, i) => [name, upstreamOf(manifest, i)]));

  const personal = personalOf(manifest.routes);

  const leadTo = (route: WireRoute, backend: string) => ({
    route: route.name,
    backend,
    upstream: upstreams.get(backend) ?? NOWHERE,
    fallbackBackend: route.fallback,
    fallbackUpstream: upstreams.get(route.fallback) ?? NOWHERE,
    cache: planOf(route, backend, personal.has(route)),
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
      setCookie: wordAt(words, ROUTE_VISITOR) === VISITOR_FRESH ? cookieOf(manifest, place, visitorId) : null,
      fault: faultOf(route, words),
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
      fault: null,
    };
  };

  return (request, facts) => {
    const asked = manifest.routes.length === 0 ? null : read(request, facts);
    if (asked === null) return null;
    const answer = ask(parts, table, manifest, needs, asked);
    if (typeof answer === "number") return unanswered(asked, answer);
    return answer && answered(answer);
  };
}

function needsOf({ planOf }: Table, { attributes, routing }: EdgeManifest): Needs {
  const nameOf = (slot: number) => attributes[slot] as string;
  const ofRequest = routing.filter((slot) => isOfRequest(nameOf(slot)));
  const ofContext = routing.filter((slot) => !isOfRequest(nameOf(slot)));
  const facts = Array.from({ length: FACTS }, (_, fact) => attributes.length + fact);
  const plan = planOf(ofContext);
  return {
    plan: { ...plan, slots: [...plan.slots, ...facts, ...ofRequest] },
    requestReaders: ofRequest.map((slot) => requestReaderOf(nameOf(slot))),
  };
}

/** Null where no route matches; the word of an error where the engine can't say. */
function ask(
  parts: RoutingParts,
  table: Table,
  { timedRouting, faulted }: EdgeManifest,
  { plan, requestReaders }: Needs,
  asked: Asked,
): Answer | number | null {
  const { boundary, pack, time, clock, trapped } = parts;
  const now = timedRouting ? time() : 0;
  if (Number.isNaN(now)) return GENERAL;
  if (!pack(table, plan, asked.facts.context, factsOf(table, requestReaders, asked))) return INVALID_CONTEXT;
  try {
    return boundary.route(now, faulted ? clock() : 0) ? answerOf(boundary) : null;
  } catch {
    trapped();
    return GENERAL;
  }
}

function answerOf(boundary: EdgeBoundary): Answer {
  const words = boundary.results(ROUTE_WORDS);
  const hasVisitor = wordAt(words, ROUTE_VISITOR) !== VISITOR_NONE;
  const text = () => boundary.text(wordAt(words, ROUTE_VISITOR_OFFSET), wordAt(words, ROUTE_VISITOR_LENGTH));
  return { words, visitorId: hasVisitor ? text() : null };
}

function wordAt(words: readonly number[], place: number): number {
  return words[place] as number;
}

/** In the order of the facts' slots; then the request's attributes. */
function factsOf(table: Table, requestReaders: readonly RequestReader[], asked: Asked): readonly unknown[] {
  const { host, path, method, cookie, navigation, facts } = asked;
  const overrides = placesOf(table, facts.overrides);
  const attributes = requestReaders.map((reader) => reader(asked));
  return [host, path, method, cookie, facts.freshId, navigation, overrides, ...attributes];
}

/** Places of flags and of their variants, by turns. What the snapshot doesn't have is ignored. */
function placesOf(table: Table, overrides: readonly Override[]): number[] {
  return overrides.flatMap(({ flag: key, variant }) => {
    const flag = table.flag(key);
    const place = flag?.description.names.indexOf(variant) ?? -1;
    return flag === undefined || place < 0 ? [] : [flag.index, place];
  });
}

/** The engine's own rule, for when it can't be asked. Whether a condition holds is unknown then, so it doesn't. */
function matches({ host, path, methods, if: condition }: WireRoute["match"], asked: Asked): boolean {
  const prefix = path?.endsWith("*") === true;
  const pathMatches = prefix ? asked.path.startsWith(path.slice(0, -1)) : path === undefined || path === asked.path;
  return (
    pathMatches &&
    condition === undefined &&
    (host === undefined || host === asked.host) &&
    (methods === undefined || methods.includes(asked.method))
  );
}

function upstreamOf({ backends, timeouts }: EdgeManifest, place: number): Upstream {
  // Where requests go is not for others to say who have written into every object's prototype.
  const own: Partial<Upstream> = Object.assign(Object.create(null) as object, backends[place]);
  const { origin = "", pathPrefix = "", headers = {} } = own;
  return deepFreeze({ origin, pathPrefix, headers, timeoutMs: timeouts[place] ?? null });
}

/** Routes whose response may differ from visitor to visitor for one URL: by a flag, or as an earlier route takes some of them. */
function personalOf(routes: readonly WireRoute[]): ReadonlySet<WireRoute> {
  const firstConditional = routes.findIndex(({ match }) => match.if !== undefined);
  const isLater = (place: number) => firstConditional >= 0 && place >= firstConditional;
  const isPersonal = ({ flag, visitor }: WireRoute, place: number) =>
    flag !== undefined || visitor !== undefined || isLater(place);
  return new Set(routes.filter(isPersonal));
}

/** What is personal is private unless the snapshot says otherwise. */
function planOf({ name, cache }: WireRoute, backend: string, isPersonal: boolean): CachePlan | null {
  if (cache === "split") return { plan: "split", key: `${encodeURIComponent(name)}/${encodeURIComponent(backend)}` };
  if (cache !== undefined) return { plan: cache };
  return isPersonal ? { plan: "private" } : null;
}

function faultOf({ faults = [] }: WireRoute, words: readonly number[]): InjectedFault | null {
  const place = wordAt(words, ROUTE_FAULT) >>> 0;
  const fault = place === NO_FAULT ? undefined : faults[place];
  if (fault === undefined) return null;
  return {
    name: fault.name,
    delayMs: wordAt(words, ROUTE_FAULT_DELAY),
    abortStatus: fault.abort?.status ?? null,
    maxActive: fault.maxActive ?? null,
  };
}

function cookieOf({ cookies }: EdgeManifest, place: number, visitorId: string | null): string | null {
  const cookie = cookies[place] ?? null;
  return cookie === null || visitorId === null ? null : `${cookie.name}=${visitorId}${cookie.attributes}`;
}
