/** Other values in place of one: of every type, at and over bounds, and texts of every form. */
const OTHERS = [
  null,
  true,
  0,
  -1,
  1.5,
  101,
  9007199254740992,
  "",
  "on",
  "a\u0007b",
  "x".repeat(257),
  "2026-02-30T00:00:00Z",
  "2026-01-31T09:00:00Z",
  "01.2.3",
  "10.0.0.0/33",
  "1d",
  "0h",
  "6m",
  [],
  [null],
  ["on"],
  {},
  { "x-note": 1 },
  { unknown: 1 },
];

/** Members that mean something in some object, and exclude others, or need them. */
const MEMBERS = Object.entries({
  rolloutPercentage: 5,
  rollout: {},
  whitelist: {},
  whitelistUsers: [],
  percentage: 5,
  schedule: [{ at: "2026-01-31T09:00:00Z", percentage: 5 }],
  ramp: "step",
  variant: "on",
  split: [{ variant: "on", weight: 1 }],
  serve: "on",
  onMiss: "off",
  onVariant: "on",
  all: [{ segment: "adults" }],
  segment: "adults",
  is: "on",
  op: "exists",
  values: [],
  caseInsensitive: true,
  backend: "canary",
  flag: "base",
  abort: { status: 503 },
  delay: { fixed: "1s" },
  host: "shop.example",
});

/**
 * The value with one thing changed: a member left out, one added, or a value replaced.
 * @param {any} value
 * @returns {Generator<any>}
 */
export function* mutants(value) {
  for (const other of OTHERS) yield other;
  if (Array.isArray(value)) yield* inList(value);
  else if (typeof value === "object" && value !== null) yield* inObject(value);
}

/** @param {any[]} list @returns {Generator<any[]>} */
function* inList(list) {
  for (const [place, element] of list.entries()) {
    yield list.toSpliced(place, 1);
    for (const mutant of mutants(element)) yield list.with(place, mutant);
  }
}

/** @param {Record<string, any>} object @returns {Generator<Record<string, any>>} */
function* inObject(object) {
  yield { ...object, "x-note": [] };
  yield { ...object, colour: "red" };
  for (const [name, member] of MEMBERS) if (!(name in object)) yield { ...object, [name]: member };
  for (const [name, member] of Object.entries(object)) {
    yield Object.fromEntries(Object.entries(object).filter(([other]) => other !== name));
    for (const mutant of mutants(member)) yield { ...object, [name]: mutant };
  }
}
