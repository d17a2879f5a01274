"""A naive evaluator of flags, written from the snapshot's description alone, to check this folder's expectations.

It takes the flags to be sound: broken ones are not recognised here. Unknown is None throughout.
"""

import sys
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent.parent / "vectors"))

from bucketing import percentage_cut, point, split_arms  # noqa: E402
from operators import fold_ascii, kind, operate  # noqa: E402
from times import milliseconds  # noqa: E402

DEFAULT_UNITS = ["targetingKey", "userId", "visitorId"]
LARGEST_INTEGER = 2**53 - 1
PLATFORM = object()  # where a context holds what the platform says of the request: no caller can write this key


class NoUnit(Exception):
    """An id is needed and there is none."""


@dataclass
class Question:
    """What is the same for a flag and for its prerequisites."""

    snapshot: dict
    context: dict
    now: float
    overrides: dict = field(default_factory=dict)

    def salt(self) -> str:
        return self.snapshot.get("salt", "")


# Attributes and units


def attribute(context: dict, name: str):
    if name.startswith("request."):
        return context.get(PLATFORM, {}).get(name.removeprefix("request."))
    if name in context:
        return context[name]
    value = context
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def unit_of(value) -> str | None:
    if kind(value) == "string":
        return value or None
    whole = kind(value) == "number" and value == int(value) and abs(value) <= LARGEST_INTEGER
    return str(int(value)) if whole else None


def units(owner: dict, context: dict) -> list[str]:
    """The ids of a flag, a layer or a bucket, in the order of its `bucketBy`."""
    names = owner.get("bucketBy", DEFAULT_UNITS)
    names = [names] if isinstance(names, str) else names
    found = (unit_of(attribute(context, name)) for name in names)
    return [unit for unit in found if unit is not None]


# Conditions


def any_of(results: list) -> bool | None:
    return True if True in results else None if None in results else False


def negate(result: bool | None) -> bool | None:
    return None if result is None else not result


def bucket(c: dict, q: Question) -> bool | None:
    if c["percentage"] in (0, 100):
        return c["percentage"] == 100
    ids = units(c, q.context)
    return point(q.salt(), "B", c["salt"], ids[0]) < percentage_cut(c["percentage"]) if ids else None


def prerequisite(c: dict, q: Question) -> bool | None:
    decision = evaluate(q.snapshot, c["flag"], q.context, q.now, q.overrides)
    wanted = [c["is"]] if isinstance(c["is"], str) else c["is"]
    return None if decision["reason"] == "ERROR" else decision["variant"] in wanted


def listed_form(snapshot: dict, text: str, fold=str) -> str:
    """A text as the snapshot's lists have it: hashed, where they are."""
    if "hashedLists" not in snapshot:
        return text
    salted = f"{snapshot['hashedLists']['salt']}\0{fold(text)}"
    return urlsafe_b64encode(sha256(salted.encode()).digest()).decode().rstrip("=")


def attribute_condition(c: dict, q: Question) -> bool | None:
    value = attribute(q.context, c["attribute"])
    if c["op"] == "exists":
        return value is not None
    elements = value if isinstance(value, list) else [value]
    if c["op"] == "in" and "hashedLists" in q.snapshot:
        fold = fold_ascii if c.get("caseInsensitive") else str
        elements = [listed_form(q.snapshot, e, fold) if kind(e) == "string" else e for e in elements]
        c = c | {"caseInsensitive": False}
    return any_of([operate(c, element) for element in elements])


def condition(c: dict, q: Question) -> bool | None:
    if "any" in c:
        return any_of([condition(part, q) for part in c["any"]])
    if "all" in c:
        return negate(any_of([negate(condition(part, q)) for part in c["all"]]))
    if "not" in c:
        return negate(condition(c["not"], q))
    if "segment" in c:
        return condition(q.snapshot["segments"][c["segment"]], q)
    if "flag" in c:
        return prerequisite(c, q)
    return bucket(c["bucket"], q) if "bucket" in c else attribute_condition(c, q)


# Rollouts


def scheduled(rollout: dict, now: float) -> float:
    now = min(now, milliseconds(rollout["pausedAt"])) if "pausedAt" in rollout else now
    steps = [(milliseconds(step["at"]), step["percentage"]) for step in rollout["schedule"]]
    past = [step for step in steps if step[0] <= now]
    ahead = [step for step in steps if step[0] > now]
    if not past:
        return 0
    (start, low) = past[-1]
    if rollout.get("ramp") != "linear" or not ahead:
        return low
    (end, high) = ahead[0]
    return low + (high - low) * (now - start) / (end - start)


def percentage_of(rollout: dict, now: float) -> float:
    return scheduled(rollout, now) if "schedule" in rollout else rollout.get("percentage", 100)


def place(salts: tuple, ids: list[str]) -> int:
    if not ids:
        raise NoUnit
    return point(salts[0], "F", salts[1], ids[0])


def roll(rollout: dict, variant: str, salts: tuple, ids: list[str], now: float) -> str | None:
    """The variant of who is in, None for who is out."""
    percentage = percentage_of(rollout, now)
    salts = (salts[0], rollout.get("salt", salts[1]))
    if "split" in rollout:
        arms = split_arms([arm["weight"] for arm in rollout["split"]], percentage)
        at = place(salts, ids)
        return next((arm["variant"] for arm, (low, high) in zip(rollout["split"], arms) if low <= at < high), None)
    inside = percentage == 100 or (percentage != 0 and place(salts, ids) < percentage_cut(percentage))
    return rollout.get("variant", variant) if inside else None


# The walk


def whitelisted(flag: dict, ids: list[str], snapshot: dict) -> str | None:
    ids = [listed_form(snapshot, unit) for unit in ids]
    lists = flag.get("whitelist", {flag["on"]: flag.get("whitelistUsers", [])})
    return next((variant for unit in ids for variant, listed in lists.items() if unit in listed), None)


def outside(part: dict, q: Question) -> bool:
    """Whether the visitor's point on the layer's line lies outside the flag's part of it."""
    low, high = percentage_cut(part["from"]), percentage_cut(part["to"])
    if low == high or (part["from"], part["to"]) == (0, 100):
        return low == high
    layer = q.snapshot["layers"][part["name"]]
    ids = units(layer, q.context)
    if not ids:
        raise NoUnit
    return not low <= point(q.salt(), "L", layer.get("salt", part["name"]), ids[0]) < high


def by_rules(flag: dict, ids: list[str], salts: tuple, q: Question):
    for index, rule in enumerate(flag.get("rules", [])):
        if condition(rule["if"], q) is not True:
            continue
        named = {"index": index} | ({"name": rule["name"]} if "name" in rule else {})
        if "serve" in rule:
            return rule["serve"], "TARGETING_MATCH", "rule", named
        variant = roll(rule["rollout"], flag["on"], salts, ids, q.now)
        if variant is not None or rule.get("onMiss") != "continue":
            return variant or flag["off"], "SPLIT", "rule", named
    return None


def walk(flag: dict, salts: tuple, overridden: str | None, q: Question):
    ids = units(flag, q.context)
    if not flag["enabled"]:
        return flag["off"], "DISABLED", "disabled", None
    if overridden in flag["variants"]:
        return overridden, "TARGETING_MATCH", "override", None
    if (variant := whitelisted(flag, ids, q.snapshot)) is not None:
        return variant, "TARGETING_MATCH", "whitelist", None
    if "layer" in flag and outside(flag["layer"], q):
        return flag["off"], "SPLIT", "layer", None
    if (decided := by_rules(flag, ids, salts, q)) is not None:
        return decided
    if "rollout" in flag:
        return roll(flag["rollout"], flag["on"], salts, ids, q.now) or flag["off"], "SPLIT", "rollout", None
    return flag["on"], *(("DEFAULT", "fallthrough") if flag.get("rules") else ("STATIC", "static")), None


def filled(flag: dict) -> dict:
    """The flag with its defaults and its short forms written out."""
    short = {"rollout": {"percentage": flag["rolloutPercentage"]}} if "rolloutPercentage" in flag else {}
    names = {"on": flag.get("onVariant", "on"), "off": flag.get("offVariant", "off")}
    defaults = {"variants": {"on": True, "off": False}} | names
    return defaults | short | flag


def error(flag: dict | None, code: str) -> dict:
    off = flag["off"] if flag else None
    value = flag["variants"][off] if flag else None
    return {"variant": off, "value": value, "reason": "ERROR", "detail": code, "errorCode": code}


def evaluate(snapshot: dict, key: str, context, now: float, overrides: dict | None = None) -> dict:
    """A case's `expect`, without metadata."""
    if key not in snapshot.get("flags", {}):
        return error(None, "FLAG_NOT_FOUND")
    flag = filled(snapshot["flags"][key])
    if not isinstance(context, dict):
        return error(flag, "INVALID_CONTEXT")
    try:
        question = Question(snapshot, context, now, overrides or {})
        salts = (question.salt(), flag.get("salt", key))
        variant, reason, detail, rule = walk(flag, salts, question.overrides.get(key), question)
    except NoUnit:
        return error(flag, "TARGETING_KEY_MISSING")
    decided = {"variant": variant, "value": flag["variants"][variant], "reason": reason, "detail": detail}
    return decided | ({"rule": rule} if rule else {})
