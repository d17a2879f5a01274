"""Finds ids that lie in a part of a line, or says where given ids lie.

    find_ids.py --salt new-checkout --from 0 --to 25           the first ids user-0, user-1, ... below 25 %
    find_ids.py --salt new-checkout alice bob                  where these lie
"""

import argparse
import sys
from itertools import count, islice

sys.dont_write_bytecode = True

from bucketing import LINE, percentage_cut, point  # noqa: E402


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ids", nargs="*", help="ids to place; none: search")
    parser.add_argument("--salt", required=True, help="the flag's key, or its salt, or its rollout's")
    parser.add_argument("--snapshot-salt", default="")
    parser.add_argument("--kind", default="F", choices="FLBX")
    parser.add_argument("--from", dest="low", type=float, default=0, help="percentage, inclusive")
    parser.add_argument("--to", dest="high", type=float, default=100, help="percentage, exclusive")
    parser.add_argument("--prefix", default="user-")
    parser.add_argument("--count", type=int, default=5)
    return parser.parse_args()


def find(low: float, high: float, prefix: str, place):
    """Endlessly: ids of the prefix and a number whose points are in [low, high) percent."""
    first, end = percentage_cut(low), percentage_cut(high)
    return (unit_id for n in count() if first <= place(unit_id := f"{prefix}{n}") < end)


def main() -> None:
    args = arguments()

    def place(unit_id: str) -> int:
        return point(args.snapshot_salt, args.kind, args.salt, unit_id)

    for unit_id in args.ids or islice(find(args.low, args.high, args.prefix, place), args.count):
        print(f"{unit_id}\tpoint {place(unit_id)}\t{place(unit_id) / LINE * 100:.6f} %")


if __name__ == "__main__":
    main()
