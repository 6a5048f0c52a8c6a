"""Audits of earlier releases, which lack facts that rules may ask for by now: they are read, and replay identically."""

from typing import Any

import msgspec
import pytest

from autotag.domain.decisions.replay import replay
from autotag.domain.model.asset import Facts
from autotag.domain.model.audit import Audit, Inputs
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules
from tests.unit.domain.decisions.replay.replay_stories import RULES, STORIES, Story, records, tagged

ASKING = """
[[when]]
resource_type = ["image"]
add = ["a picture"]
[[when]]
metadata = { licence = "press" }
add = ["press"]
"""


def as_before(audit: Audit) -> Audit:
    """Return the record as a release wrote it that knew neither fact."""
    document: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(audit))
    inputs = document.get("inputs", {})
    inputs.pop("resource_type", None)
    inputs.get("facts", {}).pop("metadata", None)
    return msgspec.convert(document, Audit)


@pytest.mark.parametrize("rules", RULES.values(), ids=RULES)
@pytest.mark.parametrize("story", STORIES)
def test_a_record_without_the_type_and_the_metadata_replays_identically(story: Story, rules: str) -> None:
    ruleset = Ruleset(parse_rules(rules))
    assert [replay(as_before(audit), ruleset) for audit in records(rules, story)] == [()] * len(records(rules, story))


def test_a_fact_that_a_record_lacks_meets_no_condition() -> None:
    (audit,) = records("", tagged)
    before = as_before(audit)
    assert isinstance(before.inputs, Inputs) and isinstance(before.inputs.facts, Facts)
    assert (before.inputs.resource_type, before.inputs.facts.metadata) == ("", msgspec.UNSET)
    assert replay(before, Ruleset(parse_rules(ASKING))) == ()
    assert "a picture" in str(replay(audit, Ruleset(parse_rules(ASKING))))
