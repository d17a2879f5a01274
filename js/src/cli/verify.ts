import { Command, Option } from "commander";
import { reasonOf } from "../errors.js";
import { SignatureError, verifySnapshot } from "../trust/signature.js";
import { timeText } from "../trust/verify.js";
import { EXIT } from "./exit.js";
import { readInput } from "./files.js";
import { collected, durationIn, timeIn } from "./values.js";

interface Options {
  readonly signature: string;
  readonly key: readonly string[];
  readonly maxAge?: number;
  readonly now?: number;
  readonly json?: true;
}

/** What is known of a snapshot's signature. */
type Verdict =
  | { readonly valid: true; readonly keyId: string; readonly signedAt: string }
  | { readonly valid: false; readonly code: string; readonly reason: string };

/** `pointsman verify`: whether a snapshot is signed. */
export function verifyCommand(): Command {
  return new Command("verify")
    .summary("whether a snapshot is signed")
    .description(
      "Verifies a snapshot's signature, as edges do before they read it.\n" +
        "Exit codes: 0, it is good; 1, it is not; 2, wrong usage, or a file that can't be had.",
    )
    .argument("<snapshot>", "the snapshot; - for stdin")
    .requiredOption("--signature <file>", "its signature, as sign writes it")
    .addOption(
      new Option("--key <key>", "a public key, as keygen prints it; once more for each that may have signed")
        .argParser(collected)
        .makeOptionMandatory(),
    )
    .option("--max-age <duration>", "the longest ago that it may have been signed, 7d say", durationIn)
    .option("--now <time>", "the time to verify at; default: now", timeIn)
    .option("--json", "print { valid, keyId, signedAt, code, reason }")
    .addHelpText(
      "after",
      "\nExample:\n  $ pointsman verify snapshot.json --signature snapshot.json.sig --key 11qYAYKx…",
    )
    .action(run);
}

async function run(path: string, options: Options, command: Command): Promise<void> {
  const signature = new TextDecoder().decode(await readInput(command, options.signature));
  const verdict = await verdictOf(command, await readInput(command, path), signature, options);
  if (options.json) console.log(JSON.stringify(verdict));
  else if (verdict.valid) console.log(`signed by ${verdict.keyId} at ${verdict.signedAt}`);
  else console.log(`not valid: ${verdict.reason}`);
  if (!verdict.valid) process.exitCode = EXIT.problems;
}

async function verdictOf(
  command: Command,
  snapshot: Uint8Array,
  signature: string,
  options: Options,
): Promise<Verdict> {
  const { key, maxAge, now = Date.now() } = options;
  try {
    const age = maxAge === undefined ? {} : { maxAge };
    const { keyId, signedAt } = await verifySnapshot(snapshot, signature, { keys: key, now, ...age });
    return { valid: true, keyId, signedAt: timeText(signedAt) };
  } catch (error) {
    if (!(error instanceof SignatureError)) return command.error(`error: ${reasonOf(error)}`);
    return { valid: false, code: error.code, reason: error.message };
  }
}
