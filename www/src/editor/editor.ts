import { autocompletion } from "@codemirror/autocomplete";
import { json } from "@codemirror/lang-json";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { basicSetup } from "codemirror";
import type { Problem } from "pointsman/full";
import { complete } from "./completion.js";
import { valueAt, type Path } from "./path.js";
import { diagnosticsOf } from "./problems.js";

/** An editor of one snapshot. */
export interface Editor {
  /** The snapshot as it stands there. */
  read(): string;
  /** Puts another snapshot in place of this one. */
  write(text: string): void;
  /** Puts a number in place of the one at a path; nothing, where there is none. */
  setNumber(path: Path, value: number): void;
  /** Shows what is wrong, in place of what was. */
  show(problems: readonly Problem[]): void;
  /** Moves the cursor to a problem's place. */
  go(problem: Problem): void;
}

// The colours are those of the page, in both themes.
const HIGHLIGHTS = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--ink)" },
  { tag: tags.string, color: "var(--code-text)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-value)" },
]);

/** Makes one inside of an element; `changed` is told of each new text. */
export function createEditor(parent: Element, doc: string, changed: (text: string) => void): Editor {
  const extensions = [
    basicSetup,
    json(),
    syntaxHighlighting(HIGHLIGHTS),
    autocompletion({ override: [complete] }),
    lintGutter(),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ "aria-label": "Snapshot, JSON", "aria-describedby": "editor-keys" }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) changed(update.state.doc.toString());
    }),
  ];
  const view = new EditorView({ parent, state: EditorState.create({ doc, extensions }) });
  return {
    read: () => view.state.doc.toString(),
    write: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
    setNumber(path, value) {
      const node = valueAt(view.state, path);
      if (node?.name === "Number") view.dispatch({ changes: { from: node.from, to: node.to, insert: String(value) } });
    },
    show: (problems) => view.dispatch(setDiagnostics(view.state, diagnosticsOf(view.state, problems))),
    go(problem) {
      const [place] = diagnosticsOf(view.state, [problem]);
      if (place === undefined) return;
      view.dispatch({ selection: { anchor: place.from }, scrollIntoView: true });
      view.focus();
    },
  };
}
