"""The protocol of the live path, searched through: every order in which processes and people can take turns.

    make model [RULE=HAND]

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
    expected = holds and all(needed)
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
