import { ensureSyntaxTree, syntaxTree } from "@codemirror/language";
import type { EditorState } from "@codemirror/state";
import type { SyntaxNode } from "@lezer/common";

/** The way from the document's top to a value: names of members, places in lists. */
export type Path = readonly (string | number)[];

/** Milliseconds to wait for a long text to be parsed to its end. */
const PARSE_TIME = 200;

/** The path of the value that a node is, or is part of. */
export function pathOf(state: EditorState, node: SyntaxNode): Path {
  const path: (string | number)[] = [];
  for (let at = node; at.parent !== null; at = at.parent) {
    const { parent } = at;
    if (parent.name === "Property" && at.name !== "PropertyName") path.unshift(nameOf(state, parent));
    if (parent.name === "Array") path.unshift(placeIn(parent, at));
  }
  return path;
}

/** The value at a path, or null where there is none. */
export function valueAt(state: EditorState, path: Path): SyntaxNode | null {
  const tree = ensureSyntaxTree(state, state.doc.length, PARSE_TIME) ?? syntaxTree(state);
  let value = tree.topNode.firstChild;
  for (const key of path) {
    if (value === null) return null;
    value = typeof key === "number" ? (elementsOf(value)[key] ?? null) : memberOf(state, value, key);
  }
  return value;
}

/** The names that an object has. */
export function namesOf(state: EditorState, object: SyntaxNode | null): string[] {
  return object === null ? [] : object.getChildren("Property").map((property) => nameOf(state, property));
}

function memberOf(state: EditorState, object: SyntaxNode, name: string): SyntaxNode | null {
  const property = object.getChildren("Property").find((candidate) => nameOf(state, candidate) === name);
  const value = property?.lastChild;
  return value?.name === "PropertyName" ? null : (value ?? null);
}

/** A member's name. */
export function nameOf(state: EditorState, property: SyntaxNode): string {
  const name = property.getChild("PropertyName");
  if (name === null) return "";
  const written = state.sliceDoc(name.from, name.to);
  try {
    return String(JSON.parse(written));
  } catch {
    return written.replaceAll('"', "");
  }
}

function placeIn(array: SyntaxNode, element: SyntaxNode): number {
  return elementsOf(array).findIndex(({ from }) => from >= element.from);
}

const MARKS = new Set(["[", "]", ",", "⚠"]);

function elementsOf(array: SyntaxNode): SyntaxNode[] {
  const elements: SyntaxNode[] = [];
  for (let child = array.firstChild; child !== null; child = child.nextSibling) {
    if (!MARKS.has(child.name)) elements.push(child);
  }
  return elements;
}
