import { syntaxTree } from "@codemirror/language";
import type { Diagnostic } from "@codemirror/lint";
import type { EditorState } from "@codemirror/state";
import type { Problem } from "pointsman/full";

/** The engine's problems, each at its line and column. */
export function diagnosticsOf(state: EditorState, problems: readonly Problem[]): Diagnostic[] {
  return problems.map((problem) => {
    const from = positionOf(state, problem);
    return { from, to: endOf(state, from), severity: "error", source: problem.code, message: problem.message };
  });
}

/** Columns count characters; the editor counts UTF-16. */
function positionOf({ doc }: EditorState, { line, column }: Problem): number {
  const { from, text } = doc.line(Math.min(Math.max(line, 1), doc.lines));
  const before = Array.from(text).slice(0, column - 1);
  return from + before.join("").length;
}

/** The end of what begins there, on the same line; a problem of nothing marks one character. */
function endOf(state: EditorState, from: number): number {
  const line = state.doc.lineAt(from);
  const node = syntaxTree(state).resolveInner(from, 1);
  const to = node.from === from ? Math.min(node.to, line.to) : from + 1;
  return Math.min(Math.max(to, from + 1), state.doc.length);
}
