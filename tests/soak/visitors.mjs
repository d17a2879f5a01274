/** Who asks for what: drawn from a seed. */
import { mintOverride } from "../../js/dist/overrides.js";
import { KINDS } from "./origins.mjs";
import { pick } from "./random.mjs";
import { LISTED } from "./snapshots.mjs";

const VISITORS = 2_000;
/** Ids that the router has minted, and whose cookies come back. */
const KEPT = 500;
const HOUR_MS = 3_600_000;
export const SCOPE = "soak.example";

/** Parts of all requests. @type {[string, number][]} */
const MIX = [
  ["shop", 0.4],
  ["split", 0.15],
  ["chaos", 0.08],
  ["guarded", 0.2],
  ["faulty", 0.12],
  ["none", 0.02],
  ["hostile", 0.03],
];

/**
 * `visitor` is null where nothing says by what id they are known.
 * @typedef {import("./expected.mjs").Visitor} Visitor
 * @typedef {{ route: string, kind: string, method: string, path: string, headers: Record<string, string>, body: string,
 *   visitor: Visitor | null }} Ask
 */

/**
 * @param {import("./random.mjs").Random} random
 * @param {string} key - that override tokens are signed with.
 */
export async function createVisitors(random, key) {
  /** @type {string[]} */
  const kept = [];
  let number = 0;
  const tokens = await mintTokens(key);

  /** @returns {Ask} */
  function next() {
    const what = drawnFrom(MIX, random());
    const route = what === "hostile" ? "shop" : what;
    const kind = route === "faulty" ? pick(random, KINDS) : "sound";
    const method = route === "none" || random() < 0.85 ? "GET" : "POST";
    const body = method === "POST" ? "x".repeat(Math.floor(random() * 20_000)) : "";
    const path = `/${route}/${kind}/${++number}`;
    return { route, kind, method, path, body, ...(what === "hostile" ? hostile() : whoAsks(route)) };
  }

  /** @param {string} route */
  function whoAsks(route) {
    const lot = random();
    const uid = `user-${Math.floor(random() * VISITORS)}`;
    if (route !== "shop" && route !== "chaos") return named({ uid });
    if (lot < 0.55) return named({ uid });
    if (lot < 0.6) return named({ uid: pick(random, LISTED) });
    if (lot < 0.65) return named({ uid: `${uid}-staff` });
    if (lot < 0.7) return named({ uid, plan: "pro" });
    if (lot < 0.75) return named({ uid, override: "on" }, tokens.on);
    if (lot < 0.8) return named({ uid, override: "off" }, tokens.off);
    // What a page loads beside it: nobody is known, and no id is minted.
    if (lot < 0.85 || route === "chaos") return { headers: { "sec-fetch-mode": "no-cors" }, visitor: {} };
    if (lot < 0.9 || kept.length === 0) {
      return { headers: { "sec-fetch-mode": "navigate" }, visitor: {} };
    }
    return named({ vid: pick(random, kept) });
  }

  function hostile() {
    const uid = `user-${Math.floor(random() * VISITORS)}`;
    const spoofed = {
      pointsman: "spoofed",
      "x-forwarded-for": "spoofed",
      "x-real-ip": "spoofed",
      forwarded: "for=spoofed",
    };
    /** @type {(() => { headers: Record<string, string>, visitor: Visitor | null })[]} */
    const attempts = [
      () => ({ headers: { ...spoofed, cookie: `uid=${uid}` }, visitor: { uid } }),
      () => ({ headers: { "x-own": "spoofed", connection: "close, x-own", cookie: `uid=${uid}` }, visitor: { uid } }),
      () => ({ headers: { cookie: `pointsman-override=${pick(random, tokens.bad)}; uid=${uid}` }, visitor: { uid } }),
      () => named({ uid: "x".repeat(4_000) }),
      () => named({ uid: "%00%ff<script>'{{}}" }),
      () => named({ uid: "__proto__" }),
      () => ({ headers: { cookie: `uid="${uid}"; uid=listed-1` }, visitor: { uid } }),
      () => ({ headers: { cookie: `;;=; ${"a=b; ".repeat(500)}uid=${uid}` }, visitor: { uid } }),
      () => ({ headers: { cookie: `uid=; vid=${uid}` }, visitor: { vid: uid } }),
      () => ({ headers: { cookie: "uid=\xff\xfe\xc3" }, visitor: null }),
    ];
    return pick(random, attempts)();
  }

  /** @param {string} id */
  function keep(id) {
    if (kept.length < KEPT) kept.push(id);
    else kept[Math.floor(random() * KEPT)] = id;
  }

  return { next, keep };
}

/** @param {Visitor} visitor @param {string} [token] */
function named(visitor, token) {
  const { uid, vid, plan } = visitor;
  const pairs = Object.entries({ uid, vid, plan, "pointsman-override": token }).filter(
    ([, value]) => value !== undefined,
  );
  return { headers: { cookie: pairs.map((pair) => pair.join("=")).join("; ") }, visitor };
}

/** @param {string} key */
async function mintTokens(key) {
  const now = Date.now();
  /** @param {string} variant @param {object} [more] @param {string} [by] */
  const mint = (variant, more, by = key) =>
    mintOverride({ flag: "checkout", variant, expires: now + 24 * HOUR_MS, scope: SCOPE, ...more }, by, { now });
  const on = await mint("on");
  const expired = await mintOverride({ flag: "checkout", variant: "on", expires: now - HOUR_MS, scope: SCOPE }, key, {
    now: now - 2 * HOUR_MS,
  });
  const bad = [
    await mint("on", {}, key.toUpperCase()),
    await mint("on", { scope: "elsewhere.example" }),
    await mint("no-such-variant"),
    expired,
    `${on}x`,
    "~".repeat(100),
    "A".repeat(9_000),
  ];
  return { on, off: await mint("off"), bad };
}

/** @param {[string, number][]} shares @param {number} lot */
function drawnFrom(shares, lot) {
  let sum = 0;
  const found = shares.find(([, share]) => lot < (sum += share));
  return found?.[0] ?? "shop";
}
