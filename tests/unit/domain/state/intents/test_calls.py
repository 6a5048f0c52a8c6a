"""The calls of an intent: which its owner makes, and which are remembered."""

import pytest
from msgspec.structs import replace

from autotag.domain.model.audit import TagChange, moment
from autotag.domain.state.asset_state import Claim, Intent, Op, TagPreference, Write
from autotag.domain.state.complete import decode_audit, recorded_writes, tag_calls, with_new_owner
from tests.unit.domain.state.intents.opened_intent import DONE, NOW, end, opened
from tests.unit.domain.state.state_builders import MINUTE, T0, audit_of, claimed, complete, intent_of, state


def test_the_intent_is_carried_out_removals_first() -> None:
    known = opened()
    found = tag_calls(known, intent_of(known))
    assert list(found.items()) == [("remove", ("Old",)), ("add", ("Guitar", "Drum"))]


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ({"guitar": TagPreference("remove", T0, "guitar")}, {"remove": ("Old", "Guitar"), "add": ("Drum",)}),
        ({"old": TagPreference("add", T0, "Old")}, {"add": ("Old", "Guitar", "Drum")}),
        ({"guitar": TagPreference("add", T0, "Guitar")}, {"remove": ("Old",), "add": ("Guitar", "Drum")}),
        ({"old": TagPreference("add", T0, "OLD")}, {"add": ("OLD", "Guitar", "Drum")}),
        ({"guitar": TagPreference("add", T0, "GUITAR")}, {"remove": ("Old",), "add": ("Guitar", "Drum")}),
        ({"press": TagPreference("remove", T0, "press")}, {"remove": ("Old",), "add": ("Guitar", "Drum")}),
    ],
)
def test_where_a_person_said_the_opposite_the_opposite_is_called(
    people: dict[str, TagPreference], expected: dict[Op, tuple[str, ...]]
) -> None:
    known = opened(people=people)
    assert tag_calls(known, intent_of(known)) == expected


@pytest.mark.parametrize(("want", "added"), [("add", ("Guitar", "Drum")), ("remove", ("Drum",)), ("either", ("Drum",))])
def test_a_call_that_a_claim_contradicts_waits_for_the_read(want: str, added: tuple[str, ...]) -> None:
    known = opened(claims={"guitar": Claim(want, NOW, "Guitar")})  # type: ignore[arg-type]
    assert tag_calls(known, intent_of(known)) == {"remove": ("Old",), "add": added}


@pytest.mark.parametrize(
    ("outcome", "tags", "expected"),
    [
        ("tagged", TagChange((), ("Guitar", "Drum"), ("Old",)), {"Old": "remove", "Guitar": "add", "Drum": "add"}),
        ("tagged", TagChange((), (), ()), {"Old": "remove", "Guitar": "add", "Drum": "add"}),  # a person's record
        ("failed", TagChange((), (), ("Old",)), {"Old": "remove"}),
        ("failed", TagChange((), ("Guitar",), ()), {"Guitar": "add"}),
        ("failed", TagChange((), (), ()), {}),
        ("gone", TagChange((), (), ()), {"Guitar": "add", "Drum": "add"}),  # perhaps: a backup may have them
    ],
)
def test_a_record_tells_which_calls_were_made_before_their_owner_died(
    outcome: str, tags: TagChange, expected: dict[str, Op]
) -> None:
    known = opened()
    recorded = replace(audit_of(known), outcome=outcome, tags=tags)
    found = recorded_writes(intent_of(known), recorded, NOW)
    assert found == {tag: Write(op, NOW, recorded.asset.version) for tag, op in expected.items()}


def test_an_intent_without_calls_makes_none() -> None:
    known = claimed(state(complete({})))
    assert tag_calls(known, intent_of(known)) == {}


def test_each_last_call_remembers_the_last_opposite_one() -> None:
    known = opened(writes={"Old": Write("add", T0, 1), "Guitar": Write("add", T0, 1, T0 - MINUTE)})
    after = end(known, DONE)
    assert after.writes["Old"] == Write("remove", NOW, 1, T0)
    assert after.writes["Guitar"] == Write("add", NOW, 1, T0 - MINUTE)
    assert after.writes["Drum"] == Write("add", NOW, 1)


@pytest.mark.parametrize(
    ("attempts", "lease", "wait"), [(0, 65, 65), (1, 65, 130), (5, 65, 2080), (6, 65, 3600), (10**6, 65, 3600)]
)
def test_each_take_over_waits_longer_for_the_next_up_to_an_hour(attempts: int, lease: int, wait: int) -> None:
    known = opened()
    intent = replace(intent_of(known), attempts=attempts)
    taken = with_new_owner(known, intent, owner="me", now=NOW, lease=lease).intent
    assert isinstance(taken, Intent)
    assert (taken.owner, taken.attempts, taken.due_at) == ("me", attempts + 1, NOW + wait * 1000)
    assert (taken.id, taken.audit, taken.outcome) == (intent.id, intent.audit, intent.outcome)
    assert wait * 1000 > MINUTE


def test_calls_to_and_fro_remember_when_the_first_one_was_made() -> None:
    known = opened(writes={"Old": Write("add", T0, 1, T0 - 9), "Guitar": Write("add", T0, 1, T0 - 9, T0 - 99)})
    after = end(known, DONE)
    assert after.writes["Old"] == Write("remove", NOW, 1, T0, T0 - 9)
    assert after.writes["Guitar"] == Write("add", NOW, 1, T0 - 9, T0 - 99)
    again = end(opened(writes=after.writes), {"Guitar": Write("remove", NOW + 1, 1)})
    assert again.writes["Guitar"] == Write("remove", NOW + 1, 1, NOW + 1, T0 - 99)


@pytest.mark.parametrize("before", [{}, {"Guitar": Write("remove", T0, 1)}, {"Guitar": Write("add", T0, 1)}])
def test_the_planned_call_is_remembered_beside_the_opposite_one_that_a_person_wanted(before: dict[str, Write]) -> None:
    """An owner that died may have made it, or this one before the person spoke; its notification may come last."""
    after = end(opened(writes=before), {"guitar": Write("remove", NOW, 1), "Guitar": Write("remove", NOW, 1)})
    claimed_at = moment(decode_audit(intent_of(opened())))
    since = T0 if before and before["Guitar"].op == "add" else claimed_at
    assert after.writes["Guitar"] == Write("remove", NOW, 1, NOW, since)
    assert after.writes["guitar"] == Write("remove", NOW, 1, NOW, claimed_at)


@pytest.mark.parametrize("attempts", [0, 1])
def test_a_call_that_an_owner_that_died_may_have_made_may_be_as_old_as_its_claim(attempts: int) -> None:
    known = opened()
    known = replace(known, intent=replace(intent_of(known), attempts=attempts))
    claimed_at = moment(decode_audit(intent_of(known)))
    after = end(known, {"Guitar": Write("add", NOW, 1)})
    assert after.writes["Guitar"] == Write("add", NOW, 1, first_at=claimed_at if attempts else 0)
