"""The sample rules in docs/events/rules: which of the samples each matches, by moto's matcher of event patterns."""

import json
from typing import Any

import pytest
from moto.events.models import EventPattern, EventPatternParser

from tests.unit.docs.events.event_samples import samples
from tests.unit.docs.events.expected_matches import MATCHES
from tests.unit.docs.events.regenerate import FOLDER

RULES = FOLDER / "rules"


def matched(pattern: str, events: dict[str, dict[str, Any]]) -> set[str]:
    rule: Any = EventPattern(pattern, EventPatternParser(pattern).parse())
    return {name for name, event in events.items() if rule.matches_event(event)}


def test_every_sample_rule_is_tried() -> None:
    assert {path.stem for path in RULES.iterdir()} == set(MATCHES)


@pytest.mark.parametrize("name", MATCHES)
def test_a_sample_rule_matches_the_events_that_it_is_for(name: str) -> None:
    assert matched((RULES / f"{name}.json").read_text("utf-8"), samples()) == MATCHES[name]


@pytest.mark.parametrize(
    ("name", "changed", "matches"),
    [
        ("asset-deleted", ("asset-skipped-deleted", {"outcome": "skipped"}), False),
        ("without-runs", ("asset-tagged", {"trigger": {"kind": "retag"}}), False),
        ("without-runs", ("asset-tagged", {"trigger": {"kind": "poll"}}), True),
        ("public-id-prefix", ("asset-tagged", {"asset": {"public_id": "backstage/x"}}), False),
        ("tag-added", ("asset-tagged", {"tags": {"added": ["people"]}}), False),
    ],
)
def test_a_sample_rule_looks_at_the_field_that_it_names(
    name: str, changed: tuple[str, dict[str, Any]], matches: bool
) -> None:
    sample, change = changed
    event = samples()[sample]
    event["detail"] |= change
    assert bool(matched((RULES / f"{name}.json").read_text("utf-8"), {"it": event})) is matches


def test_each_rule_is_for_events_of_this_service_alone() -> None:
    for path in RULES.iterdir():
        assert json.loads(path.read_text("utf-8"))["source"] == ["autotag"]
