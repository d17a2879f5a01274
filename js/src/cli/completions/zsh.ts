import { nodesOf, type Flag, type Node } from "./tree.js";

/** A script for zsh, to be sourced after `compinit`, or put into a folder of `$fpath` as `_pointsman`. */
export function zshScript(tree: Node): string {
  const nodes = nodesOf(tree);
  const { name } = tree;
  const known = nodes.slice(1).map(({ path }) => `"${path.join(" ")}"`);
  return `#compdef ${name}
_${name}() {
  local at="" word next
  for word in "\${(@)words[2,CURRENT-1]}"; do
    next="\${at:+$at }$word"
    case "$next" in
      ${known.join(" | ")}) at="$next" ;;
    esac
  done
  case "$at:\${words[CURRENT-1]}" in
${nodes.flatMap((node) => node.options.map((flag) => valueCase(node, flag))).join("")}  esac
  local -a offered
  case "$at:\${words[CURRENT]}" in
${nodes.map(wordsCase).join("")}    *) _files ;;
  esac
}
if [ "$funcstack[1]" = "_${name}" ]; then _${name} "$@"; else compdef _${name} ${name}; fi
`;
}

function valueCase({ path }: Node, { names, hasValue, choices }: Flag): string {
  if (!hasValue) return "";
  const pattern = names.map((name) => `"${path.join(" ")}:${name}"`).join(" | ");
  return `    ${pattern}) ${choices.length === 0 ? "_files" : `compadd -- ${choices.join(" ")}`}; return ;;\n`;
}

function wordsCase({ path, options, commands, words }: Node): string {
  const at = path.join(" ");
  const flags = options.flatMap(({ names, description }) => names.map((name) => entry(name, description)));
  const offered = [...commands.map(({ name, summary }) => entry(name, summary)), ...words.map((word) => quoted(word))];
  const others =
    offered.length === 0 ? "" : `    "${at}:"*) offered=(${offered.join(" ")}); _describe command offered ;;\n`;
  return `    "${at}:-"*) offered=(${flags.join(" ")}); _describe -o option offered ;;\n${others}`;
}

/** `name:description`, as `_describe` has it. */
function entry(name: string, description: string): string {
  const [line = ""] = description.split("\n");
  return quoted(`${name}:${line.replaceAll(":", "\\:")}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
