import { explanationText } from "pointsman/explain";
import type { Engine, Evaluation, Step } from "pointsman/full";
import { armOf, flagOf, variantsOf } from "../engine/snapshot.js";
import { context, loaded, snapshot } from "../page/state.js";
import { Line } from "./line.js";

/** Every flag's decision for the visitor; opened, how it came about. */
export function Decisions() {
  const engine = loaded.value?.engine;
  const decisions = Array.from(engine?.evaluateAll(context.value) ?? []);
  return (
    <section class="decisions" aria-labelledby="decisions-title">
      <h3 id="decisions-title">Decisions</h3>
      {decisions.length === 0 && <p class="hint">The snapshot has no flags.</p>}
      {engine !== undefined &&
        decisions.map(([key, evaluation], index) => (
          <Decision key={key} engine={engine} evaluation={evaluation} open={index === decisions.length - 1} />
        ))}
    </section>
  );
}

function Decision({ engine, evaluation, open }: { engine: Engine; evaluation: Evaluation; open: boolean }) {
  const { flagKey, variant, value, reason, detail } = evaluation;
  const arm = armOf(variantsOf(flagOf(snapshot.value, flagKey)), variant);
  return (
    <details class="decision" open={open}>
      <summary>
        <i class="swatch" data-arm={arm} />
        <code>{flagKey}</code>
        <strong>{variant ?? "no variant"}</strong>
        <code class="soft">{JSON.stringify(value)}</code>
        <span class="why">
          {reason}, {detail}
        </span>
      </summary>
      <Steps engine={engine} flagKey={flagKey} />
    </details>
  );
}

/** The walk in the words of `pointsman/explain`, each line marked by its step's answer. */
function Steps({ engine, flagKey }: { engine: Engine; flagKey: string }) {
  const explanation = engine.explain(flagKey, context.value);
  const { steps, problems, truncated } = explanation;
  const [, ...lines] = explanationText(explanation).split("\n");
  const first = problems.length;
  return (
    <>
      <Line steps={steps} variants={variantsOf(flagOf(snapshot.value, flagKey))} />
      <ul class="steps">
        {lines.slice(0, first).map((line) => (
          <li class="wrong">{line.trim()}</li>
        ))}
        {steps.map((step, index) => (
          <li data-result={answer(step)} style={{ "--depth": step.depth }}>
            {lines[first + index]?.trim()}
          </li>
        ))}
        {truncated && <li>{lines.at(-1)?.trim()}</li>}
      </ul>
    </>
  );
}

function answer({ step, result }: Step): string {
  if (step === "point" || step === "decision") return "none";
  return result === null ? "unknown" : result ? "yes" : "no";
}
