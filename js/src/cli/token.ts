import { Command, Option } from "commander";
import { reasonOf } from "../errors.js";
import { mintOverride, verifyOverrides } from "../trust/index.js";
import { EXIT } from "./exit.js";
import { readInput, STANDARD } from "./files.js";
import { shown } from "./terminal.js";
import { durationIn, timeIn } from "./values.js";

/** The environment variable with the key, as the router's documentation calls it. */
const KEY_VARIABLE = "OVERRIDE_KEY";
const LIFETIME = "24h";

/** Between tokens, as requests carry several. */
const SEPARATOR = "~";

interface KeyOptions {
  readonly keyFile?: string;
  readonly keyEnv: string;
  readonly scope: string;
  readonly now?: number;
  readonly json?: true;
}

interface MintOptions extends KeyOptions {
  readonly flag: string;
  readonly variant: string;
  readonly expires: Expiry;
}

/** When a token expires, from when it is minted; both in milliseconds since 1970. */
type Expiry = (minted: number) => number;

/** What is known of one token. */
interface Verdict {
  readonly valid: boolean;
  readonly flag?: string;
  readonly variant?: string;
  /** RFC 3339, UTC. */
  readonly expires?: string;
  /** What is wrong with it. */
  readonly reason?: string;
}

/** `pointsman token`: signed tokens that let who holds them see a variant. */
export function tokenCommand(): Command {
  return new Command("token")
    .summary("tokens that show their holder a variant")
    .description("Mints and verifies override tokens: who holds one sees its variant, in its scope, until it expires.")
    .addHelpText("after", "\nExample:\n  $ openssl rand -base64 32 > key.txt")
    .addHelpText(
      "after",
      "  $ pointsman token mint --flag new-checkout --variant on --scope shop.example --key-file key.txt",
    )
    .addCommand(mintCommand())
    .addCommand(verifyCommand());
}

function mintCommand(): Command {
  const command = new Command("mint")
    .summary("mints a token")
    .description("Mints a token. It is signed, not encrypted, and can't be withdrawn but by changing the key.")
    .requiredOption("--flag <key>", "the flag")
    .requiredOption("--variant <name>", "the variant that is shown")
    .addOption(
      new Option("--expires <when>", "for how long, 2h say, or until when; at most 90 days")
        .argParser(expiryIn)
        .default(expiryIn(LIFETIME), LIFETIME),
    );
  return withKey(command)
    .option("--json", "print { token, flag, variant, scope, expires }")
    .addHelpText(
      "after",
      "\nExample:\n  $ pointsman token mint --flag new-checkout --variant on --scope shop.example --expires 2h",
    )
    .action(mint);
}

function verifyCommand(): Command {
  const command = new Command("verify")
    .summary("verifies tokens")
    .description(
      "Verifies tokens, and tells what they show.\n" + "Exit codes: 0, all are good; 1, some are not; 2, wrong usage.",
    )
    .argument("[tokens]", "tokens joined by ~; - for stdin", STANDARD);
  return withKey(command)
    .option("--json", "print { tokens: [{ valid, flag, variant, expires, reason }] }")
    .addHelpText("after", "\nExample:\n  $ pointsman token verify --scope shop.example < token.txt")
    .action(verify);
}

/** A key is never an argument: those are seen by everybody on the machine, and kept in the shell's history. */
function withKey(command: Command): Command {
  return command
    .requiredOption("--scope <host>", "where it holds: the site's host, in lower case")
    .option("--key-file <file>", "a file with the key, of 32 bytes or more; white space at its end is not part of it")
    .option("--key-env <name>", "without a file, the environment variable with the key", KEY_VARIABLE)
    .option("--now <time>", "the time to mint or verify at; default: now", timeIn);
}

async function mint(options: MintOptions, command: Command): Promise<void> {
  const { flag, variant, scope, now = Date.now() } = options;
  const expires = options.expires(now);
  const key = await keyOf(command, options);
  const token = await orUsage(command, mintOverride({ flag, variant, scope, expires }, key, { now }));
  if (!options.json) console.log(token);
  else console.log(JSON.stringify({ token, flag, variant, scope, expires: timeText(expires) }));
}

async function verify(given: string, options: KeyOptions, command: Command): Promise<void> {
  const { scope, now = Date.now(), json } = options;
  const key = await keyOf(command, options);
  const text = given === STANDARD ? new TextDecoder().decode(await readInput(command, STANDARD)).trim() : given;
  const verdicts: Verdict[] = [];
  for (const token of text.split(SEPARATOR)) verdicts.push(await orUsage(command, verdictOf(token, key, scope, now)));
  if (json) console.log(JSON.stringify({ tokens: verdicts }));
  else console.log(verdicts.map(verdictText).join("\n"));
  if (verdicts.some(({ valid }) => !valid)) process.exitCode = EXIT.problems;
}

/** Nothing of a token is told before its signature is known to be good. */
async function verdictOf(token: string, key: string, scope: string, now: number): Promise<Verdict> {
  const [signed] = await verifyOverrides(token, { key, scope, now: -Number.MAX_VALUE });
  if (signed === undefined) return { valid: false, reason: `not signed with this key, or not for ${scope}` };
  const { flag, variant } = signed;
  const expires = timeText(signed.expires);
  return signed.expires > now
    ? { valid: true, flag, variant, expires }
    : { valid: false, flag, variant, expires, reason: "expired" };
}

function verdictText({ valid, flag = "", variant = "", expires = "", reason = "" }: Verdict): string {
  const shows = `${shown(flag)}: ${shown(variant)}`;
  if (valid) return `${shows} until ${expires}`;
  return flag === "" ? `not valid: ${shown(reason)}` : `not valid: ${shows} expired at ${expires}`;
}

async function keyOf(command: Command, { keyFile, keyEnv }: KeyOptions): Promise<string> {
  if (keyFile !== undefined) return new TextDecoder().decode(await readInput(command, keyFile)).trimEnd();
  const key = process.env[keyEnv];
  return key ?? command.error(`error: no key: set ${keyEnv}, or give --key-file`);
}

/** What names, times and keys are wrong, the package says. */
async function orUsage<T>(command: Command, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    return command.error(`error: ${reasonOf(error)}`);
  }
}

/** A duration, or a time: only the former ends in a unit. */
function expiryIn(text: string): Expiry {
  const isDuration = /[a-y]$/.test(text);
  const value = isDuration ? durationIn(text) : timeIn(text);
  return (minted) => (isDuration ? minted + value : value);
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
