import { createEngine, PointsmanError, type Engine, type Evaluation, type Json } from "pointsman";
import { createEngine as createFullEngine } from "pointsman/full";
import { explanationText } from "pointsman/explain";
import { createRouter, kvSource, liveEngine } from "pointsman/router";
import { createHandler } from "pointsman/cloudflare";

const engine: Engine = await createEngine({ snapshot: { flags: {} }, strict: true, clock: () => 0 });
const enabled: boolean = engine.isEnabled("new-checkout", { userId: "alice" });
const label: string = engine.value("button", { userId: "alice" }, "Buy");
const decision: Evaluation = engine.evaluate("button", { userId: "alice" });
const value: Json = decision.value;
const full: Engine = await createFullEngine({ snapshot: { flags: {} } });
const why: string = explanationText(full.explain("button", { userId: "alice" }));
const detailed: Evaluation = full.details("button", {}, "Buy");
full.confirm();

// Were a type `any`, these would be no errors, and each would then be one itself.
// @ts-expect-error: a boolean is no string
const wrong: string = enabled;
// @ts-expect-error: a number cannot be the default of a string
const wronger: string = engine.value("button", {}, 1);
// @ts-expect-error: there is no such reason
const wrongest: boolean = decision.reason === "BECAUSE";
// @ts-expect-error: a snapshot is needed
const without = createEngine({});

try {
  engine.load("{");
} catch (error) {
  if (error instanceof PointsmanError) console.log(error.problems[0]?.line, enabled, label, value);
}

const router = createRouter({ engine });
const live = liveEngine({ source: { read: async () => "{}" }, create: (snapshot) => createEngine({ snapshot }) });
console.log(why, detailed, router, live, kvSource, wrong, wronger, wrongest, without);

export default createHandler({ createEngine, snapshot: "SNAPSHOTS" });
