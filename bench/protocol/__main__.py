"""The protocol of the live path, searched through: every order in which processes and people can take turns.

    make model [RULE=HAND]

The claim on a paid call of Rekognition is a model of its own (``bench.protocol.detection``), searched in the same way.

First each scenario is searched under all rules: no promise is broken. Then each rule is left out in turn, up to the
first broken promise, and the way to it is printed. With ``--rule`` only that rule is left out. Exits with 1 if a
promise is broken under all rules, or none is without one of them.

A scenario is one asset with one tag, two workers, due work, and a few deaths, outages, changes by people and pushes of
rules. Every effect outside a process is one step. There is no clock: an intent that no process works on may be due or
not yet. Not in the model are several tags, reads of the Admin API, deletions, renames, answers of reviewers, unsent
events, notifications of our own calls, and states that are too large.
"""

import argparse
import sys
import time

from bench.protocol import detection
from bench.protocol.promises import PROMISES
from bench.protocol.rules import EVERY, RULES
from bench.protocol.scenarios import SCENARIOS
from bench.protocol.search import Found, search

_MOST = 5_000_000
"""Worlds of one search, some kilobytes each."""


def main() -> int:
    """Search, print what is found, and return 1 if it is not as expected."""
    parser = argparse.ArgumentParser(
        prog="bench.protocol", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rule", metavar="RULE", choices=RULES, help=f"the only one to leave out: {', '.join(RULES)}")
    asked: str | None = parser.parse_args().rule
    print("Promises:", *(f"  {name:<3}{says}" for name, says in PROMISES.items()), sep="\n", flush=True)
    holds = asked is not None or _holds_under_all()
    needed = [_is_needed(rule) for rule in ([asked] if asked else RULES)]
    expected = holds and all(needed) and (asked is not None or _detection_holds())
    print("as expected" if expected else "NOT AS EXPECTED")
    return 0 if expected else 1


def _holds_under_all() -> bool:
    print("\nAll rules:", flush=True)
    worlds, holds = 0, True
    for scenario in SCENARIOS:
        began = time.process_time()
        found = search(scenario, EVERY, most=_MOST)
        seconds = time.process_time() - began
        worlds += found.worlds
        holds = holds and not found.cut and not found.ways
        result = "no promise is broken" if not found.ways else f"BROKEN: {', '.join(found.ways)}"
        cut = ", NOT ALL OF THEM" if found.cut else ""
        print(f"  {scenario.name}: {found.worlds:,} states{cut}, {seconds:.0f} s: {result}", flush=True)
        _print_ways(found)
    print(f"  {worlds:,} states in all")
    return holds


def _detection_holds() -> bool:
    """Search the model of paid calls, under all its rules and without each of them."""
    print("\nPaid calls:", *(f"  {name:<3}{says}" for name, says in detection.PROMISES.items()), sep="\n", flush=True)
    found = [detection.search(detection.EVERY, deaths=deaths, uploads=uploads) for deaths, uploads in _PAID]
    ways = [name for each in found for name in each.ways]
    result = f"BROKEN: {', '.join(ways)}" if ways else "no promise is broken"
    print(f"  {sum(each.worlds for each in found):,} states: {result}", flush=True)
    needed = []
    for rule, says in detection.RULES.items():
        print(f"\nWithout {rule}: {says}", flush=True)
        without = detection.EVERY - {rule}
        broken = (detection.search(without, deaths=d, uploads=u, first=True).ways for d, u in _PAID)
        way = next((each for each in broken if each), {})
        needed.append(bool(way))
        for promise, lines in way.items():
            print(f"    {promise} ({detection.PROMISES[promise]}):", *(f"      {line}" for line in lines), sep="\n")
    return not ways and all(needed)


_PAID = ((0, 0), (1, 0), (2, 0), (3, 0), (0, 1), (1, 1), (2, 1))
"""Deaths and newer versions of each search of paid calls."""


def _is_needed(rule: str) -> bool:
    print(f"\nWithout {rule}: {RULES[rule]}", flush=True)
    for scenario in SCENARIOS:
        found = search(scenario, EVERY - {rule}, most=_MOST, first=True)
        if found.ways:
            print(f"  {scenario.name}: broken after {found.worlds:,} states")
            _print_ways(found)
            return True
    print("  NO PROMISE IS BROKEN")
    return False


def _print_ways(found: Found) -> None:
    for promise, way in found.ways.items():
        print(f"    {promise} ({PROMISES[promise]}):", *(f"      {line}" for line in way), sep="\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
