import { Argument, Command } from "commander";
import { bashScript } from "./completions/bash.js";
import { fishScript } from "./completions/fish.js";
import { treeOf, type Node } from "./completions/tree.js";
import { zshScript } from "./completions/zsh.js";

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } satisfies {
  [shell: string]: (tree: Node) => string;
};

/** `pointsman completions`: what a shell needs to complete the command. */
export function completionsCommand(): Command {
  return new Command("completions")
    .summary("a script by which a shell completes this command")
    .description("Prints a script by which a shell completes this command, its options and their values.")
    .addArgument(new Argument("<shell>", "the shell").choices(Object.keys(SCRIPTS)))
    .addHelpText("after", "\nExamples:\n  $ source <(pointsman completions bash)    # in ~/.bashrc")
    .addHelpText("after", "  $ source <(pointsman completions zsh)     # in ~/.zshrc, after compinit")
    .addHelpText("after", "  $ pointsman completions fish > ~/.config/fish/completions/pointsman.fish")
    .action(run);
}

function run(shell: keyof typeof SCRIPTS, _options: object, command: Command): void {
  const program = command.parent ?? command;
  process.stdout.write(SCRIPTS[shell](treeOf(program)));
}
