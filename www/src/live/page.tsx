import { effect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { directiveText, standingText } from "pointsman/explain";
import { Header } from "../page/header.js";
import { watchWidth } from "../page/width.js";
import { trafficChart } from "./chart.js";
import { command, seconds, state, trouble, type Origin } from "./demo.js";

const LOAD = 200;
const BREAK = 20;

/** The demo as it goes: what both origins answer, what the guard thinks of it, and what to do to them. */
export function LivePage() {
  return (
    <>
      <Header title="demo">
        <a href="./playground/">Playground</a>
      </Header>
      <main>
        <p class="wrong" role="alert">
          {trouble.value}
        </p>
        <section class="panel" aria-labelledby="traffic-title">
          <div class="bar">
            <h2 id="traffic-title">Traffic</h2>
            <Commands />
          </div>
          {state.value?.origins.map((origin) => (
            <Traffic key={origin.name} origin={origin} />
          ))}
        </section>
        <Guard />
      </main>
    </>
  );
}

function Commands() {
  const visitors = state.value?.load ?? 0;
  return (
    <div class="tools commands">
      <button type="button" id="load" onClick={() => void command("load", visitors > 0 ? 0 : LOAD)}>
        {visitors > 0 ? "Stop the load" : `Load: ${LOAD} visitors a second`}
      </button>
      <button type="button" id="break" onClick={() => void command("break", BREAK)}>
        Break the canary: {BREAK} %
      </button>
      <button type="button" id="mend" onClick={() => void command("mend")}>
        Mend it
      </button>
    </div>
  );
}

function Traffic({ origin }: { origin: Origin }) {
  const { name, answered, failed, failing } = origin;
  const parent = useRef<HTMLDivElement>(null);
  useEffect(() => (parent.current === null ? undefined : drawing(parent.current, name)), [name]);
  return (
    <div>
      <p>
        <i class="swatch" data-arm={name === "canary" ? "1" : "0"} /> <strong>{name}</strong> has answered{" "}
        {answered.toLocaleString("en")} {answered === 1 ? "request" : "requests"}, <i class="swatch failed" />{" "}
        {failed.toLocaleString("en")} of them with 503.
        {failing > 0 && <span class="wrong"> It fails {Math.round(failing * 100)} % on purpose.</span>}
      </p>
      <div class="traffic" ref={parent} />
    </div>
  );
}

/** Draws whenever a second has gone by, or the width changes; gives what ends it. */
function drawing(parent: HTMLElement, name: string): () => void {
  const { width, end: endWatching } = watchWidth(parent);
  const colour = name === "canary" ? "var(--arm-1)" : "var(--arm-0)";
  const end = effect(() => {
    if (width.value > 0) parent.replaceChildren(trafficChart(seconds.value, name, colour, width.value));
  });
  return () => {
    endWatching();
    end();
  };
}

function Guard() {
  const { standings = [], directives = [] } = state.value ?? {};
  return (
    <section class="panel" aria-labelledby="guard-title">
      <h2 id="guard-title">Guard</h2>
      {standings.map((standing) => (
        <p class="standing">
          <strong data-state={standing.state}>{standing.state}</strong> {standingText(standing)}
        </p>
      ))}
      <div role="status" aria-label="Orders in force">
        {directives.length === 0 ? (
          <p>The canary is in service.</p>
        ) : (
          directives.map((directive) => <p class="wrong">In force: {directiveText(directive)}</p>)
        )}
      </div>
      <p class="hint">
        What is ordered holds, also when the canary is mended, until the guard’s <code>generation</code> grows in
        demo/snapshot.json.
      </p>
    </section>
  );
}
