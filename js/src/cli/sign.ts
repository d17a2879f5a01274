import { Command, Option } from "commander";
import { reasonOf } from "../errors.js";
import { signSnapshot, type SigningKey } from "../trust/signature.js";
import { readInput, writeOutput } from "./files.js";
import { collected, timeIn } from "./values.js";

interface Options {
  readonly keyFile: readonly string[];
  readonly output: string;
  readonly now?: number;
}

/** `pointsman sign`: a detached signature of a snapshot. */
export function signCommand(): Command {
  return new Command("sign")
    .summary("a snapshot's signature")
    .description("Signs the bytes of a snapshot, in JSON or compiled. Check it first: what is signed is not looked at.")
    .argument("<snapshot>", "the snapshot; - for stdin")
    .addOption(
      new Option("--key-file <file>", "a private key, as keygen writes it; once more for each key while keys change")
        .argParser(collected)
        .makeOptionMandatory(),
    )
    .requiredOption("-o, --output <file>", "where to write the signature; - for stdout")
    .option("--now <time>", "the time to sign at; default: now", timeIn)
    .addHelpText("after", "\nExample:\n  $ pointsman sign snapshot.json --key-file key.jwk -o snapshot.json.sig")
    .action(run);
}

async function run(path: string, { keyFile, output, now = Date.now() }: Options, command: Command): Promise<void> {
  const keys: [file: string, text: Uint8Array][] = [];
  for (const file of keyFile) keys.push([file, await readInput(command, file)]);
  const snapshot = await readInput(command, path);
  const lines: string[] = [];
  for (const [file, text] of keys) lines.push(await signedBy(command, file, text, snapshot, now));
  await writeOutput(command, output, new TextEncoder().encode(`${lines.join("\n")}\n`));
}

async function signedBy(command: Command, file: string, text: Uint8Array, snapshot: Uint8Array, now: number) {
  try {
    return await signSnapshot(snapshot, keyIn(text), { now });
  } catch (error) {
    return command.error(`error: ${file}: ${reasonOf(error)}`);
  }
}

/** What JSON.parse says of a text may quote it: nothing of a private key is to be told. */
function keyIn(text: Uint8Array): SigningKey {
  try {
    return JSON.parse(new TextDecoder().decode(text)) as SigningKey;
  } catch {
    throw new TypeError("it is not JSON: a key is a private JWK, as keygen writes it");
  }
}
