"""Which route a request takes and which fault hits it, written from the snapshot's description alone."""

import sys
from urllib.parse import parse_qs, urlsplit

sys.dont_write_bytecode = True

from evaluate import PLATFORM, Question, condition, units  # noqa: E402
from bucketing import LINE, percentage_cut, point  # noqa: E402
from times import milliseconds  # noqa: E402

UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


def request_attributes(request: dict) -> dict:
    """The attributes `request.*`, without that prefix. The platform's own never stand in for what the request says."""
    url = urlsplit(request["url"])
    headers = request.get("headers", {})
    query = parse_qs(url.query, keep_blank_values=True)
    cookies = [pair.strip().partition("=") for pair in headers.get("cookie", "").split(";")]
    return (
        request.get("attributes", {})
        | {f"query.{name}": values if len(values) > 1 else values[0] for name, values in query.items()}
        | {f"header.{name}": value for name, value in headers.items()}
        | {f"cookie.{name}": value for name, _, value in reversed(cookies)}
        | {"host": url.hostname, "path": url.path or "/", "method": request["method"]}
    )


def question_of(snapshot: dict, case: dict) -> Question:
    """What is known when routes are tried: no visitor's id yet."""
    context = case.get("context", {}) | {PLATFORM: request_attributes(case["request"])}
    overrides = {one["flag"]: one["variant"] for one in reversed(case.get("overrides", []))}
    return Question(snapshot, context, case.get("now", 0), overrides)


def path_matches(wanted: str, path: str) -> bool:
    return path.startswith(wanted[:-1]) if wanted.endswith("*") else path == wanted


def matches(match: dict, q: Question) -> bool:
    request = q.context[PLATFORM]
    return (
        path_matches(match.get("path", "*"), request["path"])
        and request["host"] == match.get("host", request["host"])
        and request["method"] in match.get("methods", [request["method"]])
        and ("if" not in match or condition(match["if"], q) is True)
    )


def route_of(snapshot: dict, case: dict) -> dict | None:
    """The first that matches."""
    q = question_of(snapshot, case)
    return next((route for route in snapshot.get("routes", []) if matches(route["match"], q)), None)


def duration(text: str) -> int:
    digits = text.rstrip("mshd")
    return int(digits) * UNITS[text[len(digits) :]]


def hit(route: dict, fault: dict, q: Question) -> int | None:
    """The visitor's point, where the fault hits; without an id only a fault for everybody does."""
    if q.now >= milliseconds(fault["until"]) or ("if" in fault and condition(fault["if"], q) is not True):
        return None
    end = percentage_cut(fault["percentage"])
    ids = units({}, q.context)
    if not ids:
        return 0 if end == LINE else None
    at = point(q.salt(), "X", f"{route['name']}/{fault['name']}", ids[0])
    return at if at < end else None


def fault_of(route: dict, q: Question) -> dict | None:
    """A case's `fault`: the first that hits."""
    for fault in route.get("faults", []) if q.snapshot.get("faultsEnabled", True) else []:
        if (at := hit(route, fault, q)) is not None:
            delay = {"fixed": "0ms", "jitter": "0ms"} | fault.get("delay", {})
            added = duration(delay["jitter"]) * at // percentage_cut(fault["percentage"])
            status = fault.get("abort", {}).get("status")
            return {"name": fault["name"], "delayMs": duration(delay["fixed"]) + added, "abortStatus": status}
    return None
