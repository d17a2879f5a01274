import { writeFile } from "node:fs/promises";
import { Command } from "commander";
import { reasonOf } from "../errors.js";
import { generateSigningKey, keyId } from "../trust/signature.js";

interface Options {
  readonly output: string;
  readonly json?: true;
}

/** Nobody but whoever made it may read a private key. */
const OWNER_ONLY = 0o600;

/** `pointsman keygen`: a key to sign snapshots with. */
export function keygenCommand(): Command {
  return new Command("keygen")
    .summary("a key to sign snapshots with")
    .description(
      "Makes an Ed25519 key: writes the private one as a JWK that its owner alone may read, and prints the public one and its id.\n" +
        "A file that is there already is left as it is.",
    )
    .requiredOption("-o, --output <file>", "where to write the private key")
    .option("--json", "print { id, publicKey }")
    .addHelpText("after", "\nExample:\n  $ pointsman keygen -o key.jwk")
    .action(run);
}

async function run({ output, json }: Options, command: Command): Promise<void> {
  const key = await generateSigningKey();
  const id = await keyId(key);
  try {
    await writeFile(output, `${JSON.stringify({ ...key, kid: id })}\n`, { mode: OWNER_ONLY, flag: "wx" });
  } catch (error) {
    command.error(`error: ${output} can't be written: ${reasonOf(error)}`);
  }
  console.log(json ? JSON.stringify({ id, publicKey: key.x }) : `public key: ${key.x}\nid: ${id}`);
}
