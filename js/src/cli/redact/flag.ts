import { redactedCondition, type Condition } from "./condition.js";
import type { Hash } from "./hash.js";
import { mapped, picked } from "./picked.js";

/** A flag: sound, as the engine has taken it. */
export interface Flag {
  readonly serverOnly?: boolean;
  readonly guard?: object;
  readonly whitelistUsers?: readonly string[];
  readonly whitelist?: { readonly [variant: string]: readonly string[] };
  readonly rules?: readonly Rule[];
  readonly rollout?: Rollout;
  readonly layer?: { readonly name: string };
}

interface Rule {
  readonly if: Condition;
  readonly rollout?: Rollout;
}

interface Rollout {
  readonly schedule?: readonly object[];
  readonly split?: readonly object[];
}

/** What decides and holds no text to hash: no metadata, no guard, no extensions. */
const KEPT = ["enabled", "rolloutPercentage", "variants", "onVariant", "offVariant", "bucketBy", "salt"];
const RULE = ["serve", "onMiss"];
const ROLLOUT = ["percentage", "ramp", "pausedAt", "variant", "salt"];

/** The flag as browsers get it. */
export function redactedFlag(flag: Flag, hash: Hash): object {
  const { whitelistUsers, whitelist, rules, rollout, layer } = flag;
  const hashed = (ids: readonly string[]) => ids.map((id) => hash(id, false));
  return {
    ...picked(flag, KEPT),
    ...(whitelistUsers && { whitelistUsers: hashed(whitelistUsers) }),
    ...(whitelist && { whitelist: mapped(whitelist, hashed) }),
    ...(rules && { rules: rules.map((rule) => redactedRule(rule, hash)) }),
    ...(rollout && { rollout: redactedRollout(rollout) }),
    ...(layer && { layer: picked(layer, ["name", "from", "to"]) }),
  };
}

function redactedRule(rule: Rule, hash: Hash): object {
  const { rollout } = rule;
  return {
    if: redactedCondition(rule.if, hash),
    ...picked(rule, RULE),
    ...(rollout && { rollout: redactedRollout(rollout) }),
  };
}

function redactedRollout(rollout: Rollout): object {
  const { schedule, split } = rollout;
  return {
    ...picked(rollout, ROLLOUT),
    ...(schedule && { schedule: schedule.map((step) => picked(step, ["at", "percentage"])) }),
    ...(split && { split: split.map((arm) => picked(arm, ["variant", "weight"])) }),
  };
}
