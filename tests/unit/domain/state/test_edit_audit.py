"""What a person did to tags of ours is recorded: who, when, which of them, and over what."""

from typing import Any

import pytest
from msgspec import UNSET
from msgspec.structs import replace

from autotag import ENGINE_VERSION
from autotag.domain.model.audit import Audit, RulesRef, TagChange, trigger_of
from autotag.domain.model.messages import MessageOrigin
from autotag.domain.state.person_edits import person_audit, record_id
from tests.unit.domain.decisions.decision_helpers import book
from tests.unit.domain.state.state_builders import REF, T0, facts, person, state

OURS = frozenset({"Guitar", "Cat"})
SAID = person(added=("Guitar", "press"), removed=("Cat", "live"), at=T0)
BOOK = book('name = "team"\n')


def recorded(**change: Any) -> Audit:
    known = state(facts=facts("press"), managed_tags={"Cat": ("cat",)})
    return person_audit(known, replace(SAID, **change), OURS, BOOK)


def test_the_record_holds_what_concerned_tags_of_ours() -> None:
    assert recorded() == Audit(
        audit_id=record_id(SAID),
        at="2026-10-08T12:00:00.000Z",
        asset=REF,
        trigger=trigger_of("person", SAID.source),
        rules=RulesRef("team", BOOK.version),
        mode="apply",
        outcome="tagged",
        tags=TagChange(("press", "Cat"), ("Guitar",), ("Cat",)),
        labels=(),
        engine=ENGINE_VERSION,
        reason="a person (jane@example.com) changed the tags",
        inputs=UNSET,
    )
    assert recorded(by="").reason == "a person changed the tags"


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({"added": ("Guitar",), "removed": ()}, "tagged"),
        ({"added": (), "removed": ("Cat",)}, "tagged"),
        ({"added": ("press",), "removed": ("live",)}, "unchanged"),
    ],
)
def test_what_concerned_no_tag_of_ours_changed_nothing(change: dict[str, Any], outcome: str) -> None:
    assert recorded(**change).outcome == outcome


def test_what_found_no_room_is_recorded_as_failed() -> None:
    audit = person_audit(state(facts=facts("press")), SAID, OURS, BOOK, refused="there was no room")
    assert (audit.outcome, audit.reason, audit.tags) == ("failed", "there was no room", TagChange((), (), ()))


def test_each_part_of_a_change_has_a_record_of_its_own_and_one_that_comes_again_the_same() -> None:
    others = [
        replace(SAID, added=("Guitar",)),
        replace(SAID, removed=("Cat",)),
        replace(SAID, added=SAID.removed, removed=SAID.added),
        replace(SAID, source=MessageOrigin(SAID.source.notification_type, "f" * 64)),
        replace(SAID, observed_at=T0 + 1),
        replace(SAID, asset=replace(REF, asset_id="b2")),
    ]
    assert len({record_id(each) for each in (SAID, *others)}) == 7
    assert record_id(replace(SAID, by="somebody else")) == record_id(SAID)
    assert record_id(SAID).startswith(f"a1.{T0}.") and len(record_id(SAID).rpartition(".")[2]) == 12
