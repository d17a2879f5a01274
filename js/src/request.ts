import { REQUEST, UNUSABLE } from "./context.js";
import { cookieValue } from "./cookies.js";
import { LIST_ELEMENTS } from "./layout.js";
import type { EvaluationContext, Override, RequestFacts, RequestLike } from "./types.js";

/** What routes look at in a request. */
export interface Asked {
  readonly host: string;
  readonly path: string;
  readonly method: string;
  readonly cookie: string | null;
  readonly navigation: boolean;
  readonly url: URL;
  readonly headers: RequestLike["headers"];
  readonly facts: KnownFacts;
}

/** What the platform knows, read once. */
export interface KnownFacts {
  readonly context: unknown;
  readonly freshId: string | undefined;
  readonly request: EvaluationContext | undefined;
  readonly overrides: readonly Override[];
}

/** Reads one `request.*` attribute. */
export type RequestReader = (asked: Asked) => unknown;

const NO_OVERRIDES: readonly Override[] = [];
const NO_ATTRIBUTES: EvaluationContext = {};

/** No header that an operator is meant for is longer; so a visitor can't fill the region with what nobody asked for. */
const ATTRIBUTE_CHARACTERS = 4_096;
/** The longest `Cookie` header that is looked at: servers refuse longer ones. */
const COOKIE_CHARACTERS = 16_384;

/** Null for what is no request with an absolute URL: no route can match it. */
export function read(request: RequestLike, facts?: RequestFacts): Asked | null {
  try {
    const url = new URL(request.url);
    const { headers } = request;
    const mode = headers.get("sec-fetch-mode");
    const cookie: unknown = headers.get("cookie");
    return {
      host: url.hostname,
      path: url.pathname,
      method: String.prototype.toUpperCase.call(request.method),
      cookie: typeof cookie === "string" && cookie.length <= COOKIE_CHARACTERS ? cookie : null,
      navigation: mode === null || mode === "navigate",
      url,
      headers,
      facts: known(facts),
    };
  } catch {
    return null;
  }
}

/** Each fact by itself: what throws, or is of another type, is not there. But a context that throws is no empty one. */
function known(facts: RequestFacts | undefined): KnownFacts {
  const freshId = attempt(() => facts?.freshId, undefined);
  return {
    context: attempt<unknown>(() => facts?.context, null),
    freshId: typeof freshId === "string" ? freshId : undefined,
    request: attempt(() => facts?.request, undefined),
    overrides: attempt(() => copyOf(facts?.overrides), NO_OVERRIDES),
  };
}

/** No more than fit a list of the region: a proxy may have any length. */
function copyOf(overrides: readonly Override[] | undefined): readonly Override[] {
  if (!Array.isArray(overrides)) return NO_OVERRIDES;
  const list: readonly Override[] = overrides;
  const length = Math.min(list.length, LIST_ELEMENTS);
  return Array.from({ length }, (_, i) => {
    const { flag, variant } = list[i] as Override;
    return { flag, variant };
  });
}

function attempt<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

/** How the attribute `request.*` of this name is read. What is too long for it is there, and of no use to any operator. */
export function requestReaderOf(name: string): RequestReader {
  const reader = readerOf(name.slice(REQUEST.length));
  return (asked) => {
    try {
      return bounded(reader(asked));
    } catch {
      return undefined;
    }
  };
}

function readerOf(name: string): RequestReader {
  const [kind = "", rest = ""] = split(name);
  switch (rest === "" ? name : kind) {
    case "host":
    case "path":
    case "method":
      return (asked) => asked[name as "host" | "path" | "method"];
    case "query":
      return ({ url }) => oneOrAll(url.searchParams.getAll(rest));
    case "header":
      return ({ headers }) => headers.get(rest) ?? undefined;
    case "cookie":
      return ({ cookie }) => cookieValue(cookie ?? "", rest);
    default:
      return ({ facts: { request = NO_ATTRIBUTES } }) => (Object.hasOwn(request, name) ? request[name] : undefined);
  }
}

/** At the first dot: a header's or a cookie's name may hold more. */
function split(name: string): string[] {
  const dot = name.indexOf(".");
  return dot < 0 ? [name] : [name.slice(0, dot), name.slice(dot + 1)];
}

function oneOrAll(values: readonly string[]): unknown {
  return values.length < 2 ? values[0] : values.slice(0, LIST_ELEMENTS);
}

function bounded(value: unknown): unknown {
  if (typeof value === "string") return value.length > ATTRIBUTE_CHARACTERS ? UNUSABLE : value;
  if (Array.isArray(value)) return boundedList(value);
  return typeof value === "object" && value !== null ? UNUSABLE : value;
}

function boundedList(list: readonly unknown[]): unknown {
  const strings = list.filter((element) => typeof element === "string");
  const characters = strings.reduce((sum, text) => sum + text.length, 0);
  return characters > ATTRIBUTE_CHARACTERS || strings.length < list.length ? UNUSABLE : strings;
}
