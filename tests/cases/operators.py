"""One attribute against the values of a condition: True, False, or None for unknown."""

import re
from operator import eq, ge, gt, le, lt

from addresses import address, within
from semver import version
from times import milliseconds

# Simple case folding, by hand: only what the cases need. `str.casefold` is the full folding of Unicode; it agrees on all
# of these but the capital sharp s, whose simple folding (status S in CaseFolding.txt) is the small one.
FOLDS = {chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}
FOLDS |= dict(zip("ÄÖÜÉÅΔΟΣАОПРТ", "äöüéåδοσаопрт", strict=True))
FOLDS |= {
    "\u00b5": "\u03bc",  # micro sign
    "\u017f": "s",  # long s
    "\u01c4": "\u01c6",  # DZ with caron, capital
    "\u01c5": "\u01c6",  # the same in title case
    "\u03c2": "\u03c3",  # final sigma
    "\u1e9e": "\u00df",  # capital sharp s
    "\u2126": "\u03c9",  # Ohm sign
    "\u212a": "k",  # Kelvin sign
    "\u212b": "\u00e5",  # Ångström sign
    "\uab70": "\u13a0",  # Cherokee small a
    "\U00010400": "\U00010428",  # Deseret capital long i
}
NUMBERS = {"lessThan": lt, "lessThanOrEqual": le, "greaterThan": gt, "greaterThanOrEqual": ge}
TIMES = {"before": lt, "after": gt}
VERSIONS = {
    "semVerEqual": eq,
    "semVerLessThan": lt,
    "semVerLessThanOrEqual": le,
    "semVerGreaterThan": gt,
    "semVerGreaterThanOrEqual": ge,
}
TEXT = {"startsWith": str.startswith, "endsWith": str.endswith, "contains": str.__contains__}


def kind(value) -> str:
    if isinstance(value, bool):
        return "boolean"
    names = {str: "string", int: "number", float: "number", list: "list", type(None): "missing"}
    return names.get(type(value), "unusable")


def fold(text: str) -> str:
    return "".join(FOLDS.get(character, character) for character in text)


def fold_ascii(text: str) -> str:
    """Letters whose folding is ASCII's alone."""
    return "".join(folded if (folded := fold(character)).isascii() else character for character in text)


def number(value) -> float | None:
    return value if kind(value) == "number" else None


def text(value) -> str | None:
    return value if kind(value) == "string" else None


def read_and_compared(c: dict, read, compare, value) -> bool | None:
    """The attribute and the values are read alike; what cannot be read is unknown."""
    mine = read(value)
    return None if mine is None else any(compare(mine, read(v)) for v in c["values"])


def one_of(c: dict, value, insensitive: bool) -> bool | None:
    same = [v for v in c["values"] if kind(v) == kind(value)]
    if not same:
        return None
    return fold(value) in map(fold, same) if insensitive and kind(value) == "string" else value in same


def found_in(c: dict, value, insensitive: bool) -> bool | None:
    if kind(value) != "string":
        return None
    # Python's $ also stands before a last line feed. No pattern of the cases has a dollar that is meant as one.
    patterns = (v.replace("$", r"\Z") for v in c["values"])
    return any(re.search(pattern, value, re.IGNORECASE if insensitive else 0) for pattern in patterns)


def text_operator(c: dict, value, insensitive: bool) -> bool | None:
    if c["op"] == "in":
        return one_of(c, value, insensitive)
    if c["op"] == "matches":
        return found_in(c, value, insensitive)
    compare = TEXT[c["op"]]
    return read_and_compared(c, text, (lambda a, b: compare(fold(a), fold(b))) if insensitive else compare, value)


def operate(c: dict, value) -> bool | None:
    op = c["op"]
    if kind(value) == "missing":
        return None
    if not c["values"]:
        return False
    for family, read in ((NUMBERS, number), (TIMES, milliseconds), (VERSIONS, version)):
        if op in family:
            return read_and_compared(c, read, family[op], value)
    if op == "ipInRange":
        mine = address(value)
        return None if mine is None else any(within(mine, v) for v in c["values"])
    return text_operator(c, value, c.get("caseInsensitive", False))
