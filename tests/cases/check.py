"""Checks the form of every case file, and every flag decision against evaluate.py. Prints the cases of each file."""

import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True

from evaluate import Question, attribute, condition, evaluate  # noqa: E402
from routes import fault_of, question_of, route_of  # noqa: E402

HERE = Path(__file__).parent
CASE = {
    "flag": ({"why", "flag", "expect"}, {"only", "context", "now", "covers", "default"}),
    "request": ({"why", "request", "expect"}, {"only", "context", "now", "freshId", "overrides"}),
}
REQUEST = ({"method", "url"}, {"headers", "attributes"})
DECISION = ({"variant", "value", "reason", "detail"}, {"rule", "errorCode", "metadata"})
ROUTE = ({"route", "backend", "fallback", "flag", "visitorId", "setCookie"}, {"fault"})
SITUATIONS = {
    "match": lambda c, value, result: result is True and not isinstance(value, list),
    "no match": lambda c, value, result: result is False and c.get("values") != [] and not isinstance(value, list),
    "missing": lambda c, value, result: value is None,
    "wrong type": lambda c, value, result: result is None and value is not None and not isinstance(value, list),
    "empty list": lambda c, value, result: c.get("values") == [] and value is not None,
    "array": lambda c, value, result: isinstance(value, list),
}


class Wrong(Exception):
    """An expectation that the corpus should not hold."""


def ensure(holds: bool, what: str) -> None:
    if not holds:
        raise Wrong(what)


def unique(pairs: list) -> dict:
    """An object of a JSON text, without a key twice."""
    names = [name for name, _ in pairs]
    ensure(len(names) == len(set(names)), f"a key twice in {names}")
    return dict(pairs)


def shaped(value: dict, shape: tuple[set, set], what: str) -> None:
    required, optional = shape
    ensure(required <= value.keys() <= required | optional, f"fields of a {what}: {sorted(value)}")


def same(a, b) -> bool:
    """Equal as JSON, where 1 is not true."""
    return json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True)


def check_decision(snapshot: dict, key: str, context, now: float, expect: dict, overrides: dict | None = None) -> None:
    shaped(expect, DECISION, "decision")
    ensure((expect["reason"] == "ERROR") == ("errorCode" in expect), "errorCode belongs to ERROR alone")
    flag = snapshot.get("flags", {}).get(key)
    if "metadata" in expect:
        ensure(same(expect["metadata"], flag.get("metadata", {})), "metadata")
    if expect.get("errorCode") == "PARSE_ERROR":
        return ensure(flag is not None and expect["variant"] is expect["value"] is None, "a broken flag's variant")
    computed = evaluate(snapshot, key, context, now, overrides)
    stated = {name: value for name, value in expect.items() if name != "metadata"}
    ensure(same(computed, stated), f"computed {computed}")


def type_name(value) -> str:
    """A JSON value's type."""
    names = {bool: "boolean", int: "number", float: "number", str: "string", list: "list", dict: "object"}
    return names.get(type(value), "null")


def check_typed(snapshot: dict, case: dict) -> None:
    """A read with a default: that is the value over any error, a value of another type among them."""
    shaped(case["expect"], DECISION, "decision")
    computed = evaluate(snapshot, case["flag"], case.get("context", {}), case.get("now", 0))
    code = computed.get("errorCode")
    if code is None and type_name(computed["value"]) != type_name(case["default"]):
        code = "TYPE_MISMATCH"
    if code is not None:
        value = case["default"]
        computed = {"variant": None, "value": value, "reason": "ERROR", "detail": code, "errorCode": code}
    ensure(same(computed, case["expect"]), f"computed {computed}")


def check_backend(route: dict, expect: dict) -> None:
    """The backend follows from the route and the flag's decision."""
    decision = expect["flag"]
    ensure((decision is None) == ("flag" not in route), "a flag's decision belongs to a route with a flag")
    if decision is None:
        chosen = route["backend"]
    else:
        chosen = None if decision["reason"] == "ERROR" else route["backends"].get(decision["variant"])
    ensure(expect["backend"] == (chosen or route["fallback"]), "backend")
    ensure(expect["fallback"] == (chosen is None), "fallback")


def check_route(snapshot: dict, case: dict) -> None:
    expect = case["expect"]
    shaped(case["request"], REQUEST, "request")
    route = next((route for route in snapshot.get("routes", []) if expect and route["name"] == expect["route"]), None)
    if case.get("only") != "js":  # What only JavaScript reads is by hand alone.
        ensure(route_of(snapshot, case) is route, "another route matches")
    if route is None:
        return ensure(expect is None, "there is no such route")
    shaped(expect, ROUTE, "route decision")
    check_backend(route, expect)
    visitor = {} if expect["visitorId"] is None else {"visitorId": expect["visitorId"]}
    ensure("visitor" in route or not visitor, "a visitor's id belongs to a route with a visitor")
    if expect["setCookie"] is not None:
        ensure(expect["setCookie"].startswith(f"{route['visitor']['cookie']}={case['freshId']}; "), "setCookie")
    question = question_of(snapshot, case)
    question.context |= visitor
    ensure(same(fault_of(route, question), expect.get("fault")), f"computed {fault_of(route, question)}")
    if expect["flag"] is not None:
        now, overrides = question.now, question.overrides
        check_decision(snapshot, route["flag"], question.context, now, expect["flag"], overrides)


def attribute_conditions(part) -> list[dict]:
    """All conditions on attributes that stand anywhere in a part of a snapshot."""
    if isinstance(part, list):
        return [c for element in part for c in attribute_conditions(element)]
    if not isinstance(part, dict):
        return []
    own = [part] if "attribute" in part and "op" in part else []
    return own + attribute_conditions(list(part.values()))


def needs_full(c: dict) -> bool:
    """Whether the core lacks what this condition asks for."""
    return c["op"] == "matches" or (c.get("caseInsensitive", False) and not str(c["values"]).isascii())


def check_covers(snapshot: dict, case: dict) -> None:
    """What a case claims to cover is what one of its flag's conditions does with its context."""
    op, _, situation = case["covers"].partition(": ")
    ensure(situation in SITUATIONS, f"no such situation: {situation}")
    context = case.get("context", {})
    question = Question(snapshot, context, case.get("now", 0))
    parts = [snapshot["flags"][case["flag"]], snapshot.get("segments", {})]
    asked = [c for c in attribute_conditions(parts) if c["op"] == op]
    fits = (SITUATIONS[situation](c, attribute(context, c["attribute"]), condition(c, question)) for c in asked)
    ensure(any(fits), f"does not cover {case['covers']}")


def check_case(snapshot: dict, case: dict) -> None:
    shaped(case, CASE["flag" if "flag" in case else "request"], "case")
    ensure(case.get("only", "js") == "js", "only may be js")
    if "covers" in case:
        check_covers(snapshot, case)
    if case["expect"] and case["expect"].get("errorCode") in ("GENERAL", "PARSE_ERROR") and case.get("only") == "js":
        return  # A clock that fails, or a broken flag: by hand alone.
    if "default" in case:
        check_typed(snapshot, case)
    elif "flag" in case:
        check_decision(snapshot, case["flag"], case.get("context", {}), case.get("now", 0), case["expect"])
    else:
        check_route(snapshot, case)


def check_file(path: Path) -> tuple[int, list[str]]:
    document = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=unique)
    shaped(document, ({"about", "snapshot", "cases"}, {"build"}), "file")
    full = any(needs_full(c) for c in attribute_conditions(document["snapshot"]))
    ensure(document.get("build") == ("full" if full else None), "build is full where the core is not enough, or absent")
    whys, wrong = [case["why"] for case in document["cases"]], []
    wrong += [f"a why twice: {why}" for why in sorted({why for why in whys if whys.count(why) > 1})]
    for case in document["cases"]:
        try:
            check_case(document["snapshot"], case)
        except Wrong as error:
            wrong.append(f"{case['why']}: {error}")
    return len(whys), wrong


def main() -> int:
    total, failed = 0, 0
    for path in sorted(HERE.glob("*.json")):
        count, wrong = check_file(path)
        total, failed = total + count, failed + len(wrong)
        print(f"{path.name:28}{count:5}", *wrong, sep="\n    ")
    print(f"{'all':28}{total:5}   {failed} wrong")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
