"""IP addresses and ranges of them, as (family, number, bits of the number that count)."""

import ipaddress
import re

OCTET = r"(?:0|[1-9][0-9]{0,2})"
V4 = re.compile(rf"{OCTET}(?:\.{OCTET}){{3}}")
V6 = re.compile(r"[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")
PREFIX = re.compile(r"0|[1-9][0-9]{0,2}")
WIDTH = {4: 32, 6: 128}
MAPPED = 0xFFFF


def literal(text: str) -> tuple[int, int] | None:
    """Family and number as written. The forms keep zones, ports and brackets from Python's reader."""
    form = V4 if "." in text and ":" not in text else V6
    if form.fullmatch(text) is None:
        return None
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return found.version, int(found)


def unmapped(family: int, number: int, prefix: int) -> tuple[int, int, int]:
    """What lies under ::ffff:0:0/96 is of v4."""
    if family == 6 and prefix >= 96 and number >> 32 == MAPPED:
        return 4, number & 0xFFFFFFFF, prefix - 96
    return family, number, prefix


def address(text) -> tuple[int, int] | None:
    found = literal(text) if isinstance(text, str) else None
    return None if found is None else unmapped(*found, WIDTH[found[0]])[:2]


def within(inner: tuple[int, int], text: str) -> bool:
    host, _, prefix = text.partition("/")
    family, number = literal(host)
    length = int(prefix) if PREFIX.fullmatch(prefix) else WIDTH[family]
    family, number, length = unmapped(family, number, length)
    behind = WIDTH[family] - length
    return inner[0] == family and inner[1] >> behind == number >> behind
