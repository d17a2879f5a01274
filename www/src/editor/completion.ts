import {
  snippetCompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from "@codemirror/autocomplete";
import { syntaxTree } from "@codemirror/language";
import type { EditorState } from "@codemirror/state";
import type { SyntaxNode } from "@lezer/common";
import { nameOf, namesOf, pathOf, valueAt, type Path } from "./path.js";
import { schemasAt, type Schema } from "./schema.js";

/** Completes names and values of a snapshot, by its JSON Schema and by what the snapshot itself names. */
export function complete({ state, pos, explicit }: CompletionContext): CompletionResult | null {
  const node = syntaxTree(state).resolveInner(pos, -1);
  const word = wordOf(state, node) ?? gapAt(state, node, pos);
  if (word === null || (!explicit && word.from === word.to)) return null;
  const options = word.object === null ? valueOptions(state, word) : nameOptions(state, word, word.object);
  return options.length === 0 ? null : { from: word.from, to: word.to, options, validFor: /^"?[\w-]*"?$/ };
}

/** What is being typed, and where. */
interface Word {
  readonly from: number;
  readonly to: number;
  /** The path of the value, or of the object that a name is of. */
  readonly path: Path;
  /** The object that a name is of; null for a value. */
  readonly object: SyntaxNode | null;
}

const VALUES = new Set(["String", "Number", "True", "False", "Null"]);

/** A name or a value that is there already. */
function wordOf(state: EditorState, node: SyntaxNode): Word | null {
  const { from, to, name, parent } = node;
  const object = parent?.parent ?? null;
  if (name === "PropertyName" && object !== null) return { from, to, path: pathOf(state, object), object };
  return VALUES.has(name) ? { from, to, path: pathOf(state, node), object: null } : null;
}

/** A place for a name or a value, with nothing there yet or the first letters of it. */
function gapAt(state: EditorState, node: SyntaxNode, pos: number): Word | null {
  const container = containerOf(node);
  if (container === null) return null;
  const gap = { from: pos - lettersBefore(state, pos), to: pos };
  const path = pathOf(state, container);
  if (container.name === "Array") return { ...gap, path: [...path, 0], object: null };
  const mark = state.sliceDoc(container.from, gap.from).trimEnd().at(-1);
  const property = container.getChildren("Property").findLast(({ from }) => from < gap.from);
  if (mark === ":" && property !== undefined) return { ...gap, path: [...path, nameOf(state, property)], object: null };
  return mark === "{" || mark === "," ? { ...gap, path, object: container } : null;
}

/** How many letters, with a quote in front, stand right before the cursor. */
function lettersBefore(state: EditorState, pos: number): number {
  const line = state.doc.lineAt(pos);
  return /"?[\w-]*$/.exec(line.text.slice(0, pos - line.from))?.[0].length ?? 0;
}

function containerOf(node: SyntaxNode): SyntaxNode | null {
  for (let at: SyntaxNode | null = node; at !== null; at = at.parent) {
    if (at.name === "Object" || at.name === "Array") return at;
  }
  return null;
}

// ---- what there is to choose from

function nameOptions(state: EditorState, { path, to }: Word, object: SyntaxNode): Completion[] {
  const taken = new Set(namesOf(state, object));
  const hasValue = /^\s*:/.test(state.sliceDoc(to, to + 20));
  return schemasAt(path).flatMap(({ properties = {} }) =>
    Object.entries(properties)
      .filter(([name]) => !taken.has(name))
      .map(([name, schema]) => nameOption(name, [...path, name], typeof schema === "object" ? schema : {}, hasValue)),
  );
}

function nameOption(name: string, path: Path, schema: Schema, hasValue: boolean): Completion {
  const [whole = schema] = schemasAt(path);
  const info = whole.description;
  const about = { label: `"${name}"`, type: "property", ...(info === undefined ? {} : { info }) };
  return hasValue ? about : snippetCompletion(`"${name}": ${template(whole)}`, about);
}

/** What a value begins as; the cursor is to be inside of it. */
function template({ type }: Schema): string {
  switch (typeof type === "string" ? type : undefined) {
    case "object":
      return "{ ${} }";
    case "array":
      return "[${}]";
    case "string":
      return '"${}"';
    default:
      return "${}";
  }
}

function valueOptions(state: EditorState, { path }: Word): Completion[] {
  const written = schemasAt(path)
    .flatMap(valuesOf)
    .map((value) => JSON.stringify(value));
  const named = namedBy(state, path).map((name) => JSON.stringify(name));
  return [...new Set([...named, ...written])].map((label) => ({ label, type: "constant" }));
}

function valuesOf(schema: Schema): unknown[] {
  const values = [...(schema.enum ?? []), ...(schema.examples ?? [])];
  if (schema.const !== undefined) values.push(schema.const);
  if (schema.type === "boolean") values.push(true, false);
  if (schema.default !== undefined) values.push(schema.default);
  return values;
}

/** Where the names are that a member may hold. */
const NAMED_IN: { readonly [member: string]: string } = {
  segment: "segments",
  flag: "flags",
  backend: "backends",
  fallback: "backends",
};
const HOLDS_VARIANT = new Set(["serve", "variant", "control", "onVariant", "offVariant"]);

/** The names in the snapshot that a value may be, as it refers to something. */
function namedBy(state: EditorState, path: Path): string[] {
  const member = path.findLast((key) => typeof key === "string");
  if (typeof member !== "string") return [];
  const list = NAMED_IN[member];
  if (list !== undefined) return namesOf(state, valueAt(state, [list]));
  if (!HOLDS_VARIANT.has(member) || path[0] !== "flags" || path[1] === undefined) return [];
  const variants = namesOf(state, valueAt(state, ["flags", path[1], "variants"]));
  return variants.length === 0 ? ["on", "off"] : variants;
}
