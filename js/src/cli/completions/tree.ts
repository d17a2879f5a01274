import type { Command, Option } from "commander";

/** What can be completed after a command. */
export interface Node {
  readonly name: string;
  /** What it is called after the program's own name: `["token", "mint"]`. */
  readonly path: readonly string[];
  readonly summary: string;
  readonly options: readonly Flag[];
  /** What its first argument can be, where that is one of a few words. */
  readonly words: readonly string[];
  readonly commands: readonly Node[];
}

/** An option. */
export interface Flag {
  /** `-c`, `--attribute`: one of them at least. */
  readonly names: readonly string[];
  readonly description: string;
  readonly hasValue: boolean;
  /** What its value can be, where that is one of a few words; otherwise files are offered. */
  readonly choices: readonly string[];
}

/** A command and all below it, as commander's help shows them. */
export function treeOf(command: Command, path: readonly string[] = []): Node {
  const help = command.createHelp();
  return {
    name: command.name(),
    path,
    summary: command.summary() || command.description(),
    options: help.visibleOptions(command).map(flagOf),
    words: command.registeredArguments[0]?.argChoices ?? [],
    commands: help.visibleCommands(command).map((sub) => treeOf(sub, [...path, sub.name()])),
  };
}

/** A command and all below it, in one list. */
export function nodesOf(node: Node): readonly Node[] {
  return [node, ...node.commands.flatMap(nodesOf)];
}

/** What can stand where no option does: subcommands or words. */
export function wordsOf({ commands, words }: Node): readonly string[] {
  return [...commands.map(({ name }) => name), ...words];
}

function flagOf({ short, long, description, required, optional, argChoices }: Option): Flag {
  const names = [short, long].filter((name) => name !== undefined);
  return { names, description, hasValue: required || optional, choices: argChoices ?? [] };
}
