"""Writes bucketing.jsonl and cuts.jsonl; with --check, compares them with what is committed.

Nothing here is random: every choice is taken from SHA-256 of its own label, so that any Python gives the same bytes.
"""

import hashlib
import json
import math
import sys
import uuid
from pathlib import Path

sys.dont_write_bytecode = True

from bucketing import percentage_cut, point, seed, split_arms, unit  # noqa: E402

HERE = Path(__file__).parent
KINDS = "FLBX"
SNAPSHOT_SALTS = ["", "prod", "staging-2026", "Größe", "東京", "🚂🚃", "e\u0301", "F", "\0", " "]
SNAPSHOT_SALTS += ["s" * 27, "s" * 28, "ß" * 40]
SALTS = ["", "new-checkout", "search/latency", "größe", "日本語フラグ", "🚦 signal"]
SALTS += ["o\u0308", "a", "\u00f6", "\"\\\t", "k" * 31, "k" * 32]
ALPHABETS = [
    "abcdefghijklmnopqrstuvwxyz0123456789-_.@",
    "äöüÄÖÜßéñçøå",
    "東京都渋谷区漢字かなカナ",
    "🚂🚦👩‍🚀🏳️‍🌈😀𝒳",
    "eo\u0301\u0308\u0327n\u0303",
    "אבגدهوہабвαβγ",
    "a ü東🚂\t\"\\/\u2028",
]
SPECIAL_IDS = ["", " ", "alice", "Alice", " alice", "ü", "u\u0308", "null", "\ufeffbom", "a\0b", "\r\n"]
SPECIAL_IDS += ["0", "-1", "42", "9007199254740991", "-9007199254740991"]
PERCENTAGES = [0, 100, 50, 25, 5, 1, 0.1, 0.01, 0.001, 12.5, 33.333333, 66.666667, 1 / 3, 100 / 3, 200 / 3]
PERCENTAGES += [5e-324, 1e-10, 1e-8, 2e-8, 99.999999, 99.99999999]
WEIGHTS = [[1], [1, 1], [50, 50], [50, 30, 20], [1, 1, 1], [1, 2, 3, 4], [1] * 7, [0.1] * 10, [0.7, 0.1, 0.2]]
WEIGHTS += [[0, 1], [1, 0], [1, 0, 1], [0, 0, 1, 0], [0.1, 0.2, 0.3, 0.4], [33.33, 33.33, 33.34], [99.999, 0.001]]
WEIGHTS += [[1e-9, 1], [1, 1e-9], [1e16, 1, 1], [1, 1, 1e16], [1e300, 1e300], [5e-324, 5e-324]]
SPLIT_PERCENTAGES = [None, 100, 0, 50, 25, 10, 0.001, 33.333333, 99.999999]


def draw(*label) -> int:
    """A number of 64 bits that depends on the label alone."""
    return int.from_bytes(hashlib.sha256(repr(label).encode()).digest()[:8], "big")


def pick(options, *label):
    return options[draw(*label) % len(options)]


def word(alphabet: str, length: int, *label) -> str:
    return "".join(pick(alphabet, i, *label) for i in range(length))


def text_of(byte_length: int, *label) -> str:
    """A text of exactly so many UTF-8 bytes, some of them of two and three."""
    text, left = "", byte_length
    while left > 0:
        char = pick("ab9ü東" if left >= 3 else "xyz", left, *label)
        text, left = text + char, left - len(char.encode())
    return text


def ids():
    """All ids: UUIDs, short ones, other scripts, integers, and every byte length from 0 to 300."""
    yield from SPECIAL_IDS
    yield from (str(uuid.UUID(int=draw("hi", i) << 64 | draw("lo", i), version=4)) for i in range(5000))
    yield from (f"user-{draw('short', i) % 1_000_000}" for i in range(1500))
    yield from (str(draw("int", i) % 2 ** (1 + i % 53)) for i in range(1000))
    yield from (word(pick(ALPHABETS, i), 1 + i % 24, i) for i in range(2800))
    yield from (text_of(length, kind) for kind in KINDS for length in range(301))


def salt_for(unit_id: str) -> str:
    """Mostly salts from the list; each eighth of another length, for the seed's own block edges."""
    number = draw("salt", unit_id)
    return text_of(number // 8 % 71, unit_id) if number % 8 == 0 else pick(SALTS, "salt list", unit_id)


def bucketing_row(unit_id: str) -> tuple:
    kind = pick(KINDS, "kind", unit_id)
    snapshot_salt, salt = pick(SNAPSHOT_SALTS, "snapshot salt", unit_id), salt_for(unit_id)
    hashes = f"{unit(unit_id):016x}", f"{seed(snapshot_salt, kind, salt):016x}"
    return snapshot_salt, kind, salt, unit_id, *hashes, point(snapshot_salt, kind, salt, unit_id)


def every_salt_rows():
    """One id under each pair of listed salts and each kind: no two of them may be mixed up."""
    for snapshot_salt in SNAPSHOT_SALTS:
        for salt in SALTS:
            for kind in KINDS:
                hashes = f"{unit('alice'):016x}", f"{seed(snapshot_salt, kind, salt):016x}"
                yield snapshot_salt, kind, salt, "alice", *hashes, point(snapshot_salt, kind, salt, "alice")


def bucketing_rows() -> list[tuple]:
    rows = {*map(bucketing_row, ids()), *every_salt_rows()}
    return sorted(rows, key=lambda row: [str(field).encode() for field in row])


def percentages():
    """Named ones, a fine grid, arbitrary doubles, and doubles on both sides of a rounding edge."""
    yield from PERCENTAGES
    yield from (i / 8 for i in range(801))
    yield from (draw("percentage", i) / 2**64 * 100 for i in range(400))
    yield from (draw("tiny", i) % 1000 / 1e6 for i in range(100))
    for i in range(100):
        edge = (draw("edge", i) % 2**32 + 0.5) / 2**32 * 100
        yield from (math.nextafter(edge, 0), edge, math.nextafter(edge, 100))


def weight_lists():
    yield from WEIGHTS
    for i in range(100):
        yield [draw("weight", i, j) % 10_001 / 100 for j in range(2 + i % 6)]


def cut_rows() -> list[list]:
    cuts = [["percentage", p, percentage_cut(p)] for p in sorted(set(percentages()))]
    splits = [["split", p, w, split_arms(w, p)] for w in weight_lists() for p in SPLIT_PERCENTAGES]
    return cuts + splits


def lines(rows) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows).encode()


def main() -> int:
    wrong = 0
    for name, rows in (("bucketing.jsonl", bucketing_rows()), ("cuts.jsonl", cut_rows())):
        path, data = HERE / name, lines(rows)
        if "--check" not in sys.argv[1:]:
            path.write_bytes(data)
        same = path.read_bytes() == data
        wrong += not same
        print(f"{name}: {len(rows)} rows, {len(data)} bytes, {'as generated' if same else 'NOT as generated'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
