import {
  createEngine,
  PointsmanError,
  type Delta,
  type Directive,
  type Engine,
  type Evaluation,
  type Json,
  type RouteDecision,
  type Standing,
} from "pointsman";
import { createEngine as createFlagEngine, type FlagEngine, type FlagEngineOptions } from "pointsman/flags";
import { createEngine as createFullEngine } from "pointsman/full";
import { createEngine as createInlineEngine } from "pointsman/inline";
import { createEngine as createInlineFlagEngine } from "pointsman/flags/inline";
import { createEngine as createInlineFullEngine } from "pointsman/full/inline";
import { directiveText, explanationText, standingText } from "pointsman/explain";
import { createOfrepHandler, type OfrepHandler } from "pointsman/ofrep";
import {
  generateSigningKey,
  signSnapshot,
  verifySnapshot,
  type SigningKey,
  type VerifiedSignature,
} from "pointsman/signature";
import { mintOverride, verifyOverrides, type VerifiedOverride } from "pointsman/overrides";
import { bootstrap, createBootstrapClient, type BootstrapClient } from "pointsman/bootstrap";
import { createExposures, observe, observeContext, sendTo, type Exposure, type Exposures } from "pointsman/exposure";
import { createRouter, kvSource, liveEngine } from "pointsman/router";
import { createCoordinator, createHandler } from "pointsman/cloudflare";
import { createHandler as createVercel } from "pointsman/vercel";
import { createHandler as createNetlify } from "pointsman/netlify";
import { createHandler as createDeno } from "pointsman/deno";
import { createHandler as createBun } from "pointsman/bun";
import { createHandler as createServiceWorker } from "pointsman/service-worker";
import { cached, denoKvSource, edgeConfigSource, httpSource, poll, type LiveEngine } from "pointsman/source";
import { liveEngine as follow, signed, type SnapshotSource } from "pointsman/source";
import { fileSource } from "pointsman/source/file";

const engine: Engine = await createEngine({ snapshot: { flags: {} }, strict: true, clock: () => 0 });
const enabled: boolean = engine.isEnabled("new-checkout", { userId: "alice" });
const label: string = engine.value("button", { userId: "alice" }, "Buy");
const decision: Evaluation = engine.evaluate("button", { userId: "alice" });
const value: Json = decision.value;
const full: Engine = await createFullEngine({ snapshot: { flags: {} } });
const inlined: Engine[] = [
  await createInlineEngine({ snapshot: { flags: {} } }),
  await createInlineFullEngine({ snapshot: { flags: {} } }),
];
const inlinedPage: FlagEngine = await createInlineFlagEngine({ snapshot: { flags: {} } });
const why: string = explanationText(full.explain("button", { userId: "alice" }));
const detailed: Evaluation = full.details("button", {}, "Buy");
full.confirm();

const options: FlagEngineOptions = { snapshot: { flags: {} }, strict: true };
const page: FlagEngine = await createFlagEngine(options);
const shown: boolean = page.context({ userId: "alice" }).isEnabled("new-checkout");
const price: number = page.value("price", undefined, 1);
// The core's engine does what that of pages does.
const less: FlagEngine = engine;

const key = "a secret of at least thirty-two bytes";
const scope = "shop.example";
const token: string = await mintOverride({ flag: "button", variant: "on", expires: Date.now() + 1_000, scope }, key);
const overrides: readonly VerifiedOverride[] = await verifyOverrides(token, { key, scope });
const signingKey: SigningKey = await generateSigningKey();
const detached: string = await signSnapshot("{}", signingKey);
const { signedAt }: VerifiedSignature = await verifySnapshot("{}", detached, { keys: [signingKey.x] });
const trusted: SnapshotSource = signed(httpSource("/flags.json"), { keys: [signingKey.x], maxAge: signedAt });
console.log(trusted.copy);
const request = new Request("https://shop.example/");
const routed: RouteDecision | null = engine.route(request, { overrides, request: { ip: "192.0.2.1" } });
if (routed !== null) engine.report(routed, { status: 200, durationMs: 12 });
engine.report(decision, { failure: "timeout", durationMs: 1_000 });
const standings: readonly Standing[] = engine.judge();
const delta: Delta = engine.drain();
const used: boolean = full.merge(delta);
const directives: readonly Directive[] = full.orders.directives ?? [];
engine.apply(directives);
console.log(standings.map(standingText), directives.map(directiveText), used);

// Were a type `any`, these would be no errors, and each would then be one itself.
// @ts-expect-error: a boolean is no string
const wrong: string = enabled;
// @ts-expect-error: a number cannot be the default of a string
const wronger: string = engine.value("button", {}, 1);
// @ts-expect-error: there is no such reason
const wrongest: boolean = decision.reason === "BECAUSE";
// @ts-expect-error: a snapshot is needed
const without = createEngine({});
// @ts-expect-error: an engine for pages has no routes
const unrouted = page.route(request);
// @ts-expect-error: and no guards
const unjudged = page.judge();
// @ts-expect-error: and does not explain
const unexplained = page.context({}).explain("button");
// @ts-expect-error: it can't do what the core's does
const more: Engine = page;
// @ts-expect-error: nor be coordinated
const uncoordinated: FlagEngineOptions = { ...options, coordinated: true };

try {
  engine.load("{");
} catch (error) {
  if (error instanceof PointsmanError) console.log(error.problems[0]?.line, enabled, label, value);
}

const shape = ({ flagKey, variant, unit }: Exposure): object => ({ flagKey, variant, unit });
const send = sendTo("https://events.example/", { body: (batch) => batch.map(shape) });
const exposures: Exposures = createExposures({ send, when: ({ reason }) => reason !== "STATIC" });
const seen: Engine = observe(engine, exposures);
const seenPage: FlagEngine = observe(page, exposures);
// @ts-expect-error: somebody must take what was collected
const unsent = createExposures({});
const client: BootstrapClient = createBootstrapClient(bootstrap(engine, { userId: "alice" }));
const seenClient: BootstrapClient = observeContext(client, exposures, { userId: "alice" });
const first: string = seenClient.value("button", "Buy");
void client.handOver(page, { userId: "alice" });
client.onChange((flagKeys) => console.log(flagKeys.join()))();
console.log(exposures.dropped, seen, seenPage, unsent, first);

const router = createRouter({ engine, exposures });
console.log(inlined, inlinedPage, shown, price, less, unrouted, unjudged, unexplained, more, uncoordinated);
const live = liveEngine({ source: { read: async () => "{}" }, create: (snapshot) => createEngine({ snapshot }) });
const handlers: OfrepHandler[] = [engine, page, live].map((engine) =>
  createOfrepHandler({ engine, maxBodyBytes: 1_000, forBrowsers: true }),
);
const answered: Promise<Response | null> | undefined = handlers[0]?.(request);
console.log(why, detailed, router, live, kvSource, wrong, wronger, wrongest, without, answered);

export const Guards = createCoordinator({ createEngine, snapshot: "SNAPSHOTS" });
export default createHandler({
  createEngine,
  snapshot: "SNAPSHOTS",
  coordinator: "GUARDS",
  exposures: () => exposures,
});

// Each platform's handler has the platform's form, and the same options.
const following = { createEngine, snapshot: "https://shop.example/snapshot.json", debugHeader: true };
const middleware: (request: Request) => Promise<Response> = createVercel(following);
const edgeFunction = createNetlify({ ...following, context: (_, { geo }) => ({ region: geo?.subdivision?.code }) });
const served: Promise<Response> = edgeFunction(request, { next: () => fetch(request) });
const { fetch: denoFetch } = createDeno({ ...following, proxyHeaders: { ip: "x-real-ip" } });
const fetched: Promise<Response> = denoFetch(request, { remoteAddr: { transport: "tcp", hostname: "192.0.2.1" } });
const bun = createBun({
  ...following,
  overrides: { key },
  exposures,
  context: (asked, server) => ({ at: server.requestIP(asked)?.address }),
});
createServiceWorker(following)({ request, respondWith: () => undefined, waitUntil: () => undefined });
console.log(middleware, served, fetched, bun.faults());
// @ts-expect-error: an edge function needs its context
void edgeFunction(request);
const overHttp = cached(httpSource("https://flags.example/x.json", { maxBytes: 1 << 20 }), () =>
  caches.open("pointsman"),
);
const pages: LiveEngine<FlagEngine> = follow({
  source: overHttp,
  create: (first) => createFlagEngine({ snapshot: first }),
  jitter: 0.2,
  onLoad: ({ changed }) => void changed.length,
});
poll(pages, { interval: 60_000, signal: AbortSignal.timeout(1) }).stop();
const age: number | null = page.age;
console.log(age, denoKvSource, edgeConfigSource, fileSource);
