"""Versions and their precedence, section 11 of SemVer 2.0.0. Minor and patch may be missing: then they are 0."""

import re

NUMBER = r"(?:0|[1-9][0-9]*)"
IDENTIFIER = rf"(?:{NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
VERSION = re.compile(
    rf"({NUMBER})(?:\.({NUMBER})(?:\.({NUMBER}))?)?"
    rf"(?:-({IDENTIFIER}(?:\.{IDENTIFIER})*))?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)


def identifier(text: str) -> tuple:
    """Numbers stand before words; numbers compare by value, words by their ASCII order."""
    return (0, int(text), "") if text.isdigit() else (1, 0, text)


def version(text) -> tuple | None:
    """A key that sorts as versions do, None for what is no version."""
    found = VERSION.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    *numbers, pre = found.groups()
    core = [int(number or 0) for number in numbers]
    return core, pre is None, [identifier(part) for part in pre.split(".")] if pre else []
