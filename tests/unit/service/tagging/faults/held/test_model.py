"""The model of the protocol (``make model``), in its smallest scenarios: its rules keep the promises, and all count."""

import pytest

from bench.protocol.rules import EVERY
from bench.protocol.scenarios import SCENARIOS, SMALL
from bench.protocol.search import Scenario, search

_MOST = 200_000
_BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}


@pytest.mark.parametrize("scenario", SMALL, ids=lambda scenario: scenario.name)
def test_no_order_of_the_processes_steps_breaks_a_promise(scenario: Scenario) -> None:
    found = search(scenario, EVERY, most=_MOST)
    assert found.at_rest and not found.cut
    assert found.ways == {}


@pytest.mark.parametrize(
    ("rule", "scenario", "promise"),
    [
        ("HOLD", "one upload, twice at once, 1 death", "Z"),
        ("HAND", "one upload, twice at once, 1 death", "Z"),
        ("WRITE_INDEXES", "one upload, twice at once, 1 death", "Z"),
        ("KEEP", "newer labels, 1 outage", "F"),
        ("NEWS", "a push, twice at once, 1 death", "Z"),
    ],
)
def test_without_a_rule_some_order_breaks_a_promise(rule: str, scenario: str, promise: str) -> None:
    found = search(_BY_NAME[scenario], EVERY - {rule}, most=_MOST, first=True)
    assert found.ways.get(promise)
