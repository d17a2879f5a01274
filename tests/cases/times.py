"""Times of RFC 3339, and numbers, as milliseconds since 1970."""

import re
from datetime import datetime, timedelta, timezone

DATE_AND_MINUTE = r"([0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2})"
TIME = re.compile(DATE_AND_MINUTE + r":([0-9]{2})(?:\.([0-9]+))?([Zz]|[+-][0-9]{2}:[0-9]{2})")
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def offset(text: str) -> timedelta | None:
    if text in "Zz":
        return timedelta()
    hours, minutes = int(text[1:3]), int(text[4:6])
    size = timedelta(hours=hours, minutes=minutes)
    return None if hours > 23 or minutes > 59 else -size if text[0] == "-" else size


def parsed(text: str) -> int | None:
    found = TIME.fullmatch(text)
    if found is None or int(found[2]) > 60 or (east := offset(found[4])) is None:
        return None
    try:
        minute = datetime.fromisoformat(found[1].upper() + ":00+00:00")
    except ValueError:
        return None
    whole = (minute - EPOCH - east) // timedelta(milliseconds=1) + int(found[2]) * 1000
    return whole + int((found[3] or "0")[:3].ljust(3, "0"))


def milliseconds(value) -> float | None:
    """None for what is no time. A 60th second is the next one; digits beyond milliseconds are cut."""
    if isinstance(value, bool):
        return None
    return parsed(value) if isinstance(value, str) else value if isinstance(value, (int, float)) else None
