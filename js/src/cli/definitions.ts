import type { Json } from "../types.js";

/** Any JSON object. */
export type JsonObject = { readonly [name: string]: Json };

/** A flag as its snapshot writes it: sound, as the engine has taken it. */
export interface FlagDefinition {
  readonly enabled: boolean;
  readonly rolloutPercentage?: number;
  readonly whitelistUsers?: readonly string[];
  readonly variants?: JsonObject;
  readonly onVariant?: string;
  readonly offVariant?: string;
  readonly whitelist?: { readonly [variant: string]: readonly string[] };
  readonly rules?: readonly { readonly rollout?: RolloutDefinition }[];
  readonly rollout?: RolloutDefinition;
  readonly bucketBy?: string | readonly string[];
  readonly salt?: string;
  readonly layer?: JsonObject;
  readonly guard?: JsonObject;
}

/** A flag's or a rule's rollout. */
export interface RolloutDefinition {
  readonly percentage?: number;
  readonly schedule?: readonly { readonly at: string; readonly percentage: number }[];
  readonly variant?: string;
  readonly split?: readonly { readonly variant: string; readonly weight: number }[];
  readonly salt?: string;
}

/** The parts of a snapshot that decide flags. */
export interface Definitions {
  readonly salt?: string;
  readonly segments?: JsonObject;
  readonly layers?: JsonObject;
  readonly flags?: { readonly [key: string]: FlagDefinition };
}

/** A snapshot's own words; null for a compiled one. The engine must have taken it: nothing is checked here. */
export function definitionsOf(bytes: Uint8Array): Definitions | null {
  if (bytes[0] === 0) return null;
  return JSON.parse(new TextDecoder().decode(bytes)) as Definitions;
}

/** A flag's definition; undefined for one that is not there, whatever objects inherit. */
export function definitionOf({ flags }: Definitions, key: string): FlagDefinition | undefined {
  return flags !== undefined && Object.hasOwn(flags, key) ? flags[key] : undefined;
}

/** What a flag serves whom it is not on for. */
export function offVariantOf({ offVariant = "off" }: FlagDefinition): string {
  return offVariant;
}

/** What a flag serves whom it is on for. */
export function onVariantOf({ onVariant = "on" }: FlagDefinition): string {
  return onVariant;
}
