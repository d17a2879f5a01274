import { nodesOf, type Flag, type Node } from "./tree.js";

/** A script for fish, to be put into `~/.config/fish/completions/`. */
export function fishScript(tree: Node): string {
  const lines = nodesOf(tree).flatMap((node) => linesOf(tree.name, node));
  return `# Completions of ${tree.name} for fish.\n${lines.join("\n")}\n`;
}

function linesOf(program: string, node: Node): readonly string[] {
  const start = `complete -c ${program} -n ${quoted(conditionOf(node))}`;
  return [
    ...node.commands.map(({ name, summary }) => `${start} -f -a ${name} -d ${described(summary)}`),
    ...(node.words.length === 0 ? [] : [`${start} -f -a ${quoted(node.words.join(" "))}`]),
    ...node.options.map((flag) => `${start} ${flagText(flag)}`),
  ];
}

/** True where the command line has come to this command, and to none below it. */
function conditionOf({ path, commands }: Node): string {
  const seen = path.map((name) => `__fish_seen_subcommand_from ${name}`);
  const below = commands.map(({ name }) => name).join(" ");
  return [...seen, ...(below === "" ? [] : [`not __fish_seen_subcommand_from ${below}`])].join("; and ");
}

function flagText({ names, description, hasValue, choices }: Flag): string {
  const spelled = names.map((name) => (name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const value = choices.length > 0 ? [`-x -a ${quoted(choices.join(" "))}`] : hasValue ? ["-r"] : [];
  return [...spelled, ...value, `-d ${described(description)}`].join(" ");
}

function described(text: string): string {
  const [line = ""] = text.split("\n");
  return quoted(line);
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
