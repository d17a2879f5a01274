"""The bucketing formulas, over Python's binding of the reference xxHash library."""

import math

import xxhash

LINE = 4294967296  # points on the line: 2^32


def seed(snapshot_salt: str, kind: str, salt: str) -> int:
    """XXH64 of le32(byte length of the snapshot's salt), that salt, the kind, the salt."""
    prefix = snapshot_salt.encode()
    data = len(prefix).to_bytes(4, "little") + prefix + kind.encode("ascii") + salt.encode()
    return xxhash.xxh64_intdigest(data, 0)


def unit(unit_id: str) -> int:
    """XXH64 of the id's UTF-8 bytes."""
    return xxhash.xxh64_intdigest(unit_id.encode(), 0)


def point(snapshot_salt: str, kind: str, salt: str, unit_id: str) -> int:
    """Where an id lies on the line of 2^32 points."""
    data = unit(unit_id).to_bytes(8, "little")
    return xxhash.xxh64_intdigest(data, seed(snapshot_salt, kind, salt)) >> 32


def cut(share: float) -> int:
    """The first point that lies outside a share (0..=1) of the line."""
    return math.floor(share * 4294967296.0 + 0.5)


def percentage_cut(percentage: float) -> int:
    """The first point that lies outside a percentage (0..=100)."""
    return cut(percentage / 100.0)


def split_arms(weights: list[float], percentage: float | None = None) -> list[tuple[int, int]]:
    """Each arm's half-open range of points, in the order of the weights."""
    part = 100.0 if percentage is None else percentage
    total = 0.0
    for weight in weights:  # not sum(): since Python 3.12 that compensates, and gives other doubles
        total += weight
    arms, before = [], 0.0
    for weight in weights:
        arms.append((cut(before / total), cut((before + part / 100.0 * weight) / total)))
        before += weight
    return arms
