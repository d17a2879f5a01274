import { useEffect, useRef } from "preact/hooks";
import { effect } from "@preact/signals";
import { createEditor, type Editor } from "../editor/editor.js";
import type { Path } from "../editor/path.js";
import { EXAMPLES } from "./examples.js";
import { loaded, openExample, text } from "./state.js";

let editor: Editor | null = null;

/** Puts a number into the snapshot, as if it were typed. */
export function setNumber(path: Path, value: number): void {
  editor?.setNumber(path, value);
}

/** The snapshot, to be edited; what is wrong with it. */
export function SnapshotPanel() {
  const parent = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (parent.current !== null) editor = attach(parent.current);
  }, []);
  return (
    <section class="panel snapshot" aria-labelledby="snapshot-title">
      <div class="bar">
        <h2 id="snapshot-title">Snapshot</h2>
        <label>
          <span class="hidden">Example</span>
          <select value="" onChange={chosen}>
            <option value="" disabled>
              Examples …
            </option>
            {EXAMPLES.map(({ name }) => (
              <option>{name}</option>
            ))}
          </select>
        </label>
      </div>
      <div class="editor" ref={parent} />
      <p id="editor-keys" class="hint">
        Ctrl-Space completes; Tab leaves the editor.
      </p>
      <Problems />
    </section>
  );
}

/** The list is a menu: the same example can be chosen again. */
function chosen({ currentTarget }: { currentTarget: HTMLSelectElement }): void {
  openExample(currentTarget.value);
  currentTarget.value = "";
}

function attach(parent: Element): Editor {
  const made = createEditor(parent, text.peek(), (changed) => (text.value = changed));
  effect(() => {
    if (text.value !== made.read()) made.write(text.value);
  });
  effect(() => made.show(loaded.value?.problems ?? []));
  return made;
}

function Problems() {
  const { problems = [], refused = false } = loaded.value ?? {};
  return (
    <div class="problems" role="status" aria-label="Problems">
      {problems.length === 0 ? (
        <p class="sound">No problems.</p>
      ) : (
        <p class="wrong">
          {refused
            ? "Refused; the last good snapshot stays in use."
            : "What has a problem is broken alone; the rest is in use."}
        </p>
      )}
      <ol>
        {problems.map((problem) => (
          <li>
            <button type="button" onClick={() => editor?.go(problem)}>
              {problem.line}:{problem.column}
            </button>{" "}
            {problem.message} <code class="soft">{problem.code}</code>
          </li>
        ))}
      </ol>
    </div>
  );
}
