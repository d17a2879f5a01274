import { nodesOf, wordsOf, type Flag, type Node } from "./tree.js";

/** A script for bash 3.2 and newer. Where it has nothing to offer, readline offers files. */
export function bashScript(tree: Node): string {
  const nodes = nodesOf(tree);
  const { name } = tree;
  return `# Completions of ${name} for bash.
_${name}() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" at="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$at $word" in
      ${nodes
        .slice(1)
        .map(pathOf)
        .map((path) => `"${path}"`)
        .join(" | ")}) at="$at $word" ;;
    esac
  done
  COMPREPLY=()
  case "$at:$prev" in
${nodes.flatMap((node) => node.options.map((flag) => valueCase(node, flag))).join("")}  esac
  case "$at:$cur" in
${nodes.map(wordsCase).join("")}  esac
}
complete -o bashdefault -o default -F _${name} ${name}
`;
}

/** ` token mint`: each word with a space before it. */
function pathOf({ path }: Node): string {
  return path.map((word) => ` ${word}`).join("");
}

function valueCase(node: Node, { names, hasValue, choices }: Flag): string {
  if (!hasValue) return "";
  const pattern = names.map((name) => `"${pathOf(node)}:${name}"`).join(" | ");
  const offer = choices.length === 0 ? "" : `${offered(choices)}; `;
  return `    ${pattern}) ${offer}return ;;\n`;
}

function wordsCase(node: Node): string {
  const path = pathOf(node);
  const options = node.options.flatMap(({ names }) => names);
  const words = wordsOf(node);
  const others = words.length === 0 ? "" : `    "${path}:"*) ${offered(words)} ;;\n`;
  return `    "${path}:-"*) ${offered(options)} ;;\n${others}`;
}

function offered(words: readonly string[]): string {
  return `COMPREPLY=($(compgen -W "${words.join(" ")}" -- "$cur"))`;
}
