import type { Json } from "pointsman/full";
import type { Path } from "../editor/path.js";

/** A number in a flag's definition that a slider may move. */
export interface Knob {
  readonly path: Path;
  readonly label: string;
  readonly value: number;
  readonly max: number;
  /** The variant whose share it is, for a weight. */
  readonly variant?: string;
}

/** So many colours can be told apart; further variants take them again. */
const COLOURS = 6;

type Members = { readonly [name: string]: Json | undefined };

const DEFAULT_IDS = ["targetingKey", "userId", "visitorId"];
const DEFAULT_VARIANTS = { on: true, off: false };

/** An object's members; none of what is no object. */
export function membersOf(value: Json | undefined): Members {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Members) : {};
}

/** A flag's definition; empty where the snapshot has none. */
export function flagOf(snapshot: Json, key: string): Members {
  return membersOf(membersOf(membersOf(snapshot)["flags"])[key]);
}

/** The names of a flag's variants, the off variant last. */
export function variantsOf(flag: Members): string[] {
  const off = typeof flag["offVariant"] === "string" ? flag["offVariant"] : "off";
  const names = Object.keys(membersOf(flag["variants"] ?? DEFAULT_VARIANTS));
  return [...names.filter((name) => name !== off), ...names.filter((name) => name === off)];
}

/** What says which colour a variant has: its place, `off` for the last one, `none` for no variant. */
export function armOf(variants: readonly string[], variant: string | null): string {
  const place = variants.indexOf(variant ?? "");
  return place === -1 ? "none" : place === variants.length - 1 ? "off" : String(place % COLOURS);
}

/** Every attribute that holds the visitor's id, for a flag or for what it depends on. */
export function idNames(snapshot: Json): string[] {
  const { flags, layers } = membersOf(snapshot);
  const own = [flags, layers].flatMap((named) =>
    Object.values(membersOf(named)).map((one) => membersOf(one)["bucketBy"]),
  );
  const names = own.flat().filter((name) => typeof name === "string");
  return [...new Set([...DEFAULT_IDS, ...names])];
}

/** The percentages and weights of a flag, in the order of its walk: those of its rules, then its own. */
export function knobsOf(key: string, flag: Members): Knob[] {
  const path = ["flags", key];
  const rules = Array.isArray(flag["rules"]) ? flag["rules"] : [];
  const own = percentage([...path, "rolloutPercentage"], "Percentage", flag["rolloutPercentage"]);
  return [
    ...rules.flatMap((rule, index) => ofRule([...path, "rules", index], index, membersOf(rule as Json))),
    ...own,
    ...ofRollout([...path, "rollout"], "", membersOf(flag["rollout"])),
  ];
}

function ofRule(path: Path, index: number, rule: Members): Knob[] {
  const name = typeof rule["name"] === "string" ? `“${rule["name"]}”` : `${index + 1}`;
  return ofRollout([...path, "rollout"], `Rule ${name}: `, membersOf(rule["rollout"]));
}

function ofRollout(path: Path, prefix: string, rollout: Members): Knob[] {
  const split = Array.isArray(rollout["split"]) ? rollout["split"] : [];
  const weights = split.map((arm) => membersOf(arm as Json));
  const max = Math.max(100, ...weights.map(({ weight }) => Number(weight) || 0));
  return [
    ...percentage([...path, "percentage"], `${prefix}Percentage`, rollout["percentage"]),
    ...weights.flatMap(({ variant, weight }, index) =>
      typeof weight === "number" && typeof variant === "string"
        ? [
            {
              path: [...path, "split", index, "weight"],
              label: `${prefix}Weight of ${variant}`,
              value: weight,
              max,
              variant,
            },
          ]
        : [],
    ),
  ];
}

function percentage(path: Path, label: string, value: Json | undefined): Knob[] {
  return typeof value === "number" ? [{ path, label, value, max: 100 }] : [];
}
