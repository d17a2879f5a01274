import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Command } from "commander";

const SCHEMA = new URL("../schema/snapshot.schema.json", import.meta.url);

interface Options {
  readonly path?: true;
}

/** `pointsman schema`: the JSON Schema of snapshots. */
export function schemaCommand(): Command {
  return new Command("schema")
    .summary("the JSON Schema of snapshots")
    .description("Prints the JSON Schema of snapshots, by which editors complete and check them.")
    .option("--path", "print where the file is, in place of what it holds")
    .addHelpText("after", "\nExample:\n  $ pointsman schema > snapshot.schema.json")
    .addHelpText("after", '\nIn a snapshot: { "$schema": "./snapshot.schema.json", "flags": {} }')
    .action(run);
}

async function run({ path }: Options): Promise<void> {
  if (path) console.log(fileURLToPath(SCHEMA));
  else process.stdout.write(await readFile(SCHEMA));
}
