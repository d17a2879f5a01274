/**
 * The layout that both sides of the boundary share, as the Rust side defines it.
 * Numbers only, one a line: a Rust test reads this file and compares it with its own constants.
 */
import type { ErrorCode, Reason } from "./types.js";

/** Bytes of the region that contexts are packed into. */
export const REGION_BYTES = 65_536;
/** Bytes of one attribute's slot: kind, length, and 8 bytes of payload. */
export const SLOT_BYTES = 16;
/** Bytes of the longest string that is packed. */
export const STRING_BYTES = 16_384;
/** Elements of the longest list that is packed. */
export const LIST_ELEMENTS = 1_024;

/** Nothing there: undefined or null. */
export const KIND_MISSING = 0;
/** A string: its length in UTF-8 bytes, and where they begin. */
export const KIND_STRING = 1;
/** A finite number. */
export const KIND_NUMBER = 2;
/** A boolean, in the place of the length. */
export const KIND_BOOLEAN = 3;
/** A list: its length, and where the slots of its elements begin. */
export const KIND_LIST = 4;
/** Something there that no operator reads. */
export const KIND_UNUSABLE = 5;

/** The request's facts have slots after those of the attributes, in this order. */
export const FACT_HOST = 0;
export const FACT_PATH = 1;
export const FACT_METHOD = 2;
export const FACT_COOKIE = 3;
export const FACT_FRESH_ID = 4;
export const FACT_NAVIGATION = 5;
export const FACT_OVERRIDES = 6;
/** How many facts there are. */
export const FACTS = 7;

/** In a decision word's bits 0 to 7: no variant. */
export const NO_VARIANT = 255;
/** In a decision word's bits 16 to 31: no rule decided. */
export const NO_RULE = 65_535;
/** In place of a decision word: the route has a fixed backend. */
export const NO_FLAG = 4_294_967_295;
/** In place of a fault's place: none hits. */
export const NO_FAULT = 4_294_967_295;

/** Codes of decisions, bits 8 to 15 of a word. */
export const CODE_DISABLED = 0;
export const CODE_OVERRIDE = 1;
export const CODE_WHITELIST = 2;
export const CODE_RULE_SERVE = 3;
export const CODE_RULE_SPLIT = 4;
export const CODE_ROLLOUT = 5;
export const CODE_LAYER = 6;
export const CODE_FALLTHROUGH = 7;
export const CODE_STATIC = 8;
export const CODE_ROLLBACK = 9;
/** Codes from here on are errors. */
export const CODE_FLAG_NOT_FOUND = 128;
export const CODE_PARSE_ERROR = 129;
export const CODE_TYPE_MISMATCH = 130;
export const CODE_TARGETING_KEY_MISSING = 131;
export const CODE_INVALID_CONTEXT = 132;
export const CODE_GENERAL = 133;

/** Words that `route` writes. */
export const ROUTE_WORDS = 9;
export const ROUTE_INDEX = 0;
export const ROUTE_BACKEND = 1;
export const ROUTE_DECISION = 2;
export const ROUTE_VISITOR = 3;
export const ROUTE_VISITOR_OFFSET = 4;
export const ROUTE_VISITOR_LENGTH = 5;
export const ROUTE_FALLBACK = 6;
export const ROUTE_FAULT = 7;
export const ROUTE_FAULT_DELAY = 8;

/** The route keeps no visitor id. */
export const VISITOR_NONE = 0;
/** The visitor's id came with the cookie. */
export const VISITOR_COOKIE = 1;
/** The visitor's id is fresh: the cookie is to be set. */
export const VISITOR_FRESH = 2;

/** What a code says, for those that are no errors. */
export const OUTCOMES = [
  ["DISABLED", "disabled"],
  ["TARGETING_MATCH", "override"],
  ["TARGETING_MATCH", "whitelist"],
  ["TARGETING_MATCH", "rule"],
  ["SPLIT", "rule"],
  ["SPLIT", "rollout"],
  ["SPLIT", "layer"],
  ["DEFAULT", "fallthrough"],
  ["STATIC", "static"],
  ["DEFAULT", "rollback"],
] as const satisfies readonly (readonly [Reason, string])[];

/** What a code from 128 on says. */
export const ERRORS: readonly ErrorCode[] = [
  "FLAG_NOT_FOUND",
  "PARSE_ERROR",
  "TYPE_MISMATCH",
  "TARGETING_KEY_MISSING",
  "INVALID_CONTEXT",
  "GENERAL",
];
