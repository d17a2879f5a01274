import { useState } from "preact/hooks";
import { explanationText } from "pointsman/explain";
import type { Engine, Evaluation, Step } from "pointsman/full";
import { armOf, flagOf, variantsOf } from "../engine/snapshot.js";
import { context, loaded, snapshot } from "../page/state.js";
import { Line } from "./line.js";

/** More rows help nobody, and would make typing slow. */
const MOST_SHOWN = 200;

/** Every flag's decision for the visitor; opened, how it came about. */
export function Decisions() {
  const engine = loaded.value?.engine;
  const decisions = Array.from(engine?.evaluateAll(context.value) ?? []);
  const hidden = decisions.length - MOST_SHOWN;
  return (
    <section class="decisions" aria-labelledby="decisions-title">
      <h3 id="decisions-title">Decisions</h3>
      {decisions.length === 0 && <p class="hint">The snapshot has no flags.</p>}
      {engine !== undefined &&
        decisions
          .slice(0, MOST_SHOWN)
          .map(([key, evaluation]) => (
            <Decision key={key} engine={engine} evaluation={evaluation} isAlone={decisions.length === 1} />
          ))}
      {hidden > 0 && <p class="hint">and {hidden} more, which are not shown</p>}
    </section>
  );
}

/** Explained only while it is open: an explanation costs more than a decision. */
function Decision({ engine, evaluation, isAlone }: { engine: Engine; evaluation: Evaluation; isAlone: boolean }) {
  const [isOpen, setOpen] = useState(isAlone);
  const { flagKey, variant, value, reason, detail } = evaluation;
  const arm = armOf(variantsOf(flagOf(snapshot.value, flagKey)), variant);
  return (
    <details class="decision" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <i class="swatch" data-arm={arm} />
        <code>{flagKey}</code>
        <strong>{variant ?? "no variant"}</strong>
        <code class="soft">{JSON.stringify(value)}</code>
        <span class="why">
          {reason}, {detail}
        </span>
      </summary>
      {isOpen && <Steps engine={engine} flagKey={flagKey} />}
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
