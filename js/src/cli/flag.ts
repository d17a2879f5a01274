import type { Command } from "commander";
import type { Engine } from "../types.js";
import { counted, shown } from "./terminal.js";

/** Flags that are named where the one asked for is not there. */
const NAMED = 10;

/** Ends the command as used wrongly where the snapshot has no such flag, and says which there are. */
export function checkFlag(command: Command, engine: Engine, flag: string): void {
  const all = engine.evaluateAll({});
  if (all.get(flag) !== undefined) return;
  const keys = [...all].map(([key]) => shown(key));
  const more = keys.length > NAMED ? `, and ${keys.length - NAMED} more` : "";
  const known = keys.length === 0 ? "there is none" : `there are ${keys.slice(0, NAMED).join(", ")}${more}`;
  command.error(`error: no flag ${shown(flag)} among ${counted(keys.length, "flag")}: ${known}`);
}
