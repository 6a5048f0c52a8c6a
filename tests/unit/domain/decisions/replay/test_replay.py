"""Every audit of the live path replays identically, and says whether it has a decision."""

import msgspec
import pytest
from msgspec import UNSET
from msgspec.structs import replace

from autotag.domain.decisions.replay import has_decision, replay
from autotag.domain.model.audit import Decided, Inputs, public
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules
from tests.unit.domain.decisions.replay.replay_stories import (
    ADOPT,
    RULES,
    STORIES,
    Story,
    assigned_by_cloudinary,
    failed,
    gone,
    people_in_between,
    records,
    refused,
    tag_lost_elsewhere,
    tagged,
    uncategorized,
    vanished,
)


@pytest.mark.parametrize("rules", RULES.values(), ids=RULES)
@pytest.mark.parametrize("story", STORIES)
def test_every_record_replays_identically(story: Story, rules: str) -> None:
    ruleset = Ruleset(parse_rules(rules))
    found = records(rules, story)
    assert found
    for audit in found:
        assert audit.rules.version == ruleset.version
        assert replay(audit, ruleset) == ()


@pytest.mark.parametrize("story", STORIES)
def test_the_stories_are_what_they_are_called(story: Story) -> None:
    outcomes = [audit.outcome for audit in records(ADOPT if story is assigned_by_cloudinary else "", story)]
    assert sorted(outcomes) == sorted(STORIES[story])


def test_a_tag_that_was_lost_is_added_again_on_replay_too() -> None:
    _, audit = records("", tag_lost_elsewhere)
    assert isinstance(audit.inputs, Inputs)
    assert audit.tags.added == ("People", "Person", "Stage", "Electric Guitar", "Guitar")
    assert replay(replace(audit, inputs=replace(audit.inputs, missing=())), Ruleset(parse_rules(""))) == (
        "tags added: recorded People, Person, Stage, Electric Guitar, Guitar, now Stage",
    )


def test_a_tag_that_a_person_added_is_not_adopted_on_replay_either() -> None:
    ruleset = Ruleset(parse_rules(ADOPT))
    audit = records(ADOPT, assigned_by_cloudinary)[0]
    assert isinstance(audit.inputs, Inputs) and audit.inputs.people == ("person",)
    assert replay(replace(audit, inputs=replace(audit.inputs, people=())), ruleset)


@pytest.mark.parametrize("story", [refused, vanished])
def test_what_was_decided_is_kept_where_another_end_came_of_it(story: Story) -> None:
    (audit,) = records("", story)
    assert isinstance(audit.decided, Decided) and has_decision(audit)
    assert audit.decided.outcome == "tagged" and audit.decided.tags.added == tuple(kept())
    assert audit.tags.added == ()
    assert not {"decided", "inputs"}.intersection(msgspec.json.decode(public(audit)))


def kept() -> list[str]:
    return ["People", "Person", "Electric Guitar", "Guitar"]


@pytest.mark.parametrize(("story", "decided"), [(gone, False), (failed, True), (uncategorized, True), (tagged, True)])
def test_there_is_something_to_decide_unless_the_asset_was_gone(story: Story, decided: bool) -> None:
    assert [has_decision(audit) for audit in records("", story)] == [decided]


def test_there_is_nothing_to_decide_where_a_person_acted() -> None:
    decided = {audit.trigger.kind: has_decision(audit) for audit in records("", people_in_between)}
    assert decided == {"webhook": True, "person": False}


def test_a_record_without_inputs_has_nothing_to_replay() -> None:
    (audit,) = records("", tagged)
    assert replay(replace(audit, inputs=UNSET, outcome="unchanged"), Ruleset(parse_rules(""))) == ()
