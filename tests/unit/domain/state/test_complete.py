"""How an intent ends: the calls that its owner makes, and the state that remains."""

import pytest
from msgspec.structs import replace

from autotag.domain.model.audit import TagChange, moment
from autotag.domain.state.asset_state import AssetState, Claim, Intent, Op, Poll, Status, TagPreference, Write
from autotag.domain.state.complete import (
    close_intent,
    decode_audit,
    mark_gone,
    mark_refused,
    recorded_writes,
    tag_calls,
    with_new_owner,
)
from tests.unit.domain.state.state_builders import (
    MINUTE,
    REKOGNITION,
    T0,
    TRIGGER,
    audit_of,
    claimed,
    complete,
    facts,
    intent_of,
    state,
)

NOW = T0 + 9000


def opened(**fields: object) -> AssetState:
    """Return a state whose intent adds Guitar and Drum and removes Old."""
    known = state(complete({"Guitar": 0.9, "Drum": 0.8}), facts=facts("press", "Old"), managed_tags={"Old": ("old",)})
    return replace(claimed(known), **fields)


DONE = {"Old": Write("remove", NOW, 1), "Guitar": Write("add", NOW, 1), "Drum": Write("add", NOW, 1)}


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


def end(known: AssetState, writes: dict[str, Write], **audit: object) -> AssetState:
    return close_intent(known, intent_of(known), replace(audit_of(known), **audit), writes, NOW)


def test_the_final_state_is_what_the_claim_fixed() -> None:
    known = opened(rev=4)
    after = end(known, DONE)
    assert (after.status, after.intent, after.final_at, after.follow_up_at) == ("tagged", None, NOW, 0)
    assert after.managed_tags == {"Guitar": ("guitar",), "Drum": ("drum",)}
    assert after.writes == DONE and after.facts == facts("press")
    assert after.decided == intent_of(known).outcome.decided and after.rev == 4


def test_a_tag_on_which_a_person_spoke_meanwhile_is_not_ours() -> None:
    after = end(opened(people={"guitar": TagPreference("remove", NOW, "GUITAR")}), DONE)
    assert after.managed_tags == {"Drum": ("drum",)}


def test_a_person_is_not_asked_about_a_tag_on_which_they_spoke_meanwhile() -> None:
    known = opened(people={"cat": TagPreference("remove", NOW, "cat")}, review=("Dog",), asked_at=T0)
    assert ending(known, review=("Cat", "Dog")).review == ("Dog",)
    assert ending(known, review=("Dog",)).asked_at == T0
    assert ending(known, review=("Cow",)).asked_at == NOW
    assert ending(known, review=("Dog",), asked_at=T0 - MINUTE).asked_at == T0 - MINUTE
    assert ending(known, review=("Cat",), asked_at=T0 - MINUTE).asked_at == 0


def ending(known: AssetState, **outcome: object) -> AssetState:
    """Return the end of an intent with another outcome, all of whose calls were made."""
    intent = replace(intent_of(known), outcome=replace(intent_of(known).outcome, **outcome))
    return close_intent(known, intent, audit_of(known), DONE, NOW)


def test_the_claim_fixes_what_is_ours_whatever_it_was_before() -> None:
    known = opened(managed_tags={"Old": ("old",), "Stale": ("stale",)})
    assert end(known, DONE).managed_tags == {"Guitar": ("guitar",), "Drum": ("drum",)}


def test_labels_that_failed_leave_ours_as_the_claim_fixed_it() -> None:
    known = replace(opened(managed_tags={"Old": ("old",), "Stale": ("stale",)}))
    kept = replace(
        intent_of(known), outcome=replace(intent_of(known).outcome, status="failed", managed_tags={"Old": ("old",)})
    )
    audit = replace(audit_of(known), outcome="failed")
    assert close_intent(known, kept, audit, {}, NOW).managed_tags == {"Old": ("old",)}


def test_only_a_removal_takes_a_tag_out_of_what_is_known_to_be_there() -> None:
    assert end(opened(facts=facts("press", "Old", "Guitar")), DONE).facts == facts("press", "Guitar")
    assert end(opened(facts=None), DONE).facts is None


def test_who_gave_a_tag_is_remembered_as_long_as_it_is_ours() -> None:
    known = opened(givers={"Stay": (REKOGNITION,), "Old": (REKOGNITION,)})
    after = ending(
        known, managed_tags={"Stay": ("stay",), "Guitar": ("guitar",)}, givers={"Guitar": ("google_tagging",)}
    )
    assert after.givers == {"Stay": (REKOGNITION,), "Guitar": ("google_tagging",)}


def test_each_last_call_remembers_the_last_opposite_one() -> None:
    known = opened(writes={"Old": Write("add", T0, 1), "Guitar": Write("add", T0, 1, T0 - MINUTE)})
    after = end(known, DONE)
    assert after.writes["Old"] == Write("remove", NOW, 1, T0)
    assert after.writes["Guitar"] == Write("add", NOW, 1, T0 - MINUTE)
    assert after.writes["Drum"] == Write("add", NOW, 1)


def test_what_was_merged_meanwhile_or_not_yet_sent_is_due_at_once() -> None:
    assert end(opened(dirty=TRIGGER), DONE).follow_up_at == NOW
    assert end(opened(outbox=("a1.1.x",)), DONE).follow_up_at == NOW


def test_of_a_refused_intent_only_what_was_called_remains() -> None:
    known = opened()
    done = {"Old": Write("remove", NOW, 1)}
    audit = mark_refused(audit_of(known), "Cloudinary answered 400: too many tags", done)
    assert (audit.outcome, audit.reason) == ("failed", "Cloudinary answered 400: too many tags")
    assert (audit.tags.added, audit.tags.removed) == ((), ("Old",))
    assert audit.tags.before == audit_of(known).tags.before and audit.audit_id == audit_of(known).audit_id
    after = close_intent(known, intent_of(known), audit, done, NOW)
    assert (after.status, after.managed_tags, after.intent) == ("failed", {}, None)
    assert after.decided == intent_of(known).outcome.decided  # a duplicate does not try again


def test_of_an_intent_refused_at_once_everything_stays_as_it_was() -> None:
    known = opened()
    audit = mark_refused(audit_of(known), "no", {})
    assert (audit.tags.added, audit.tags.removed) == ((), ())
    after = close_intent(known, intent_of(known), audit, {}, NOW)
    assert after.review == ()  # only a refused answer is asked for again
    assert after.managed_tags == {"Old": ("old",)} and after.facts == known.facts and after.writes == {}


def test_of_a_refused_intent_what_was_added_by_then_is_ours() -> None:
    known = opened()
    done = {tag: DONE[tag] for tag in ("Old", "Guitar")}
    after = close_intent(known, intent_of(known), mark_refused(audit_of(known), "no", done), done, NOW)
    assert after.managed_tags == {"Guitar": ("guitar",)} and after.writes == done


def test_an_asset_that_turned_out_to_be_deleted_has_no_tags_of_ours() -> None:
    known = opened()
    audit = mark_gone(audit_of(known))
    assert (audit.outcome, audit.tags.added, audit.tags.removed) == ("gone", (), ())
    assert audit.reason == "the asset was deleted"
    assert audit.tags.before == ("press", "Old") and audit.labels == audit_of(known).labels
    after = close_intent(known, intent_of(known), audit, {}, NOW)
    assert (after.status, after.managed_tags) == ("gone", {})


def test_of_an_asset_that_is_gone_nothing_is_asked_any_more_and_a_hint_that_came_meanwhile_is_followed() -> None:
    known = opened(poll=Poll(T0, 1, T0), claims={"cat": Claim("add", T0, "Cat")}, review=("Dog",), asked_at=T0)
    after = close_intent(known, intent_of(known), mark_gone(audit_of(known)), {}, NOW)
    assert (after.poll, after.claims, after.review, after.asked_at) == (known.poll, known.claims, (), 0)
    after = end(known, DONE)
    assert (after.poll, after.claims) == (known.poll, known.claims)


@pytest.mark.parametrize(
    ("dirty", "deleted_at", "restored_at", "status"),
    [
        (True, 0, 0, "pending"),
        (True, T0, T0, "pending"),
        (True, T0, T0 - 1, "gone"),
        (False, 0, 0, "gone"),
    ],
)
def test_what_was_seen_since_it_was_gone_is_looked_at_again(
    dirty: bool, deleted_at: int, restored_at: int, status: str
) -> None:
    known = opened(dirty=TRIGGER if dirty else None, deleted_at=deleted_at, restored_at=restored_at)
    after = close_intent(known, intent_of(known), mark_gone(audit_of(known)), {}, NOW)
    assert (after.status, after.managed_tags) == (status, known.managed_tags if status == "pending" else {})
    assert after.decided == ("" if status == "pending" else intent_of(known).outcome.decided)


def test_an_answer_that_found_the_asset_gone_is_no_wish() -> None:
    """It was not carried out; where the asset comes back, it is asked again."""
    known = opened()
    answer = {"guitar": TagPreference("add", moment(audit_of(known)), "Guitar", answer="x")}
    known = replace(known, people=answer)
    audit = replace(mark_gone(audit_of(known)), trigger=replace(TRIGGER, kind="review"))
    assert close_intent(known, intent_of(known), audit, {}, NOW).people == {}


def test_what_was_decided_is_still_told_where_another_end_came_of_it() -> None:
    planned = audit_of(opened())
    for audit in (mark_refused(planned, "no", {}), mark_gone(planned)):
        assert audit.decided
        assert (audit.decided.outcome, audit.decided.tags) == (planned.outcome, planned.tags)


def test_a_record_of_a_person_leaves_the_status_as_it_was() -> None:
    known = opened()
    audit = replace(audit_of(known), trigger=replace(TRIGGER, kind="person"), outcome="unchanged")
    kept = replace(intent_of(known), outcome=replace(intent_of(known).outcome, status="timed_out"))
    assert close_intent(known, kept, audit, {}, NOW).status == "timed_out"


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


@pytest.mark.parametrize(
    ("status", "outcome", "at"), [("gone", "unchanged", T0 + 7), ("gone", "gone", NOW), ("tagged", "unchanged", NOW)]
)
def test_what_a_person_did_to_an_asset_that_is_gone_does_not_make_it_gone_since_then(
    status: Status, outcome: str, at: int
) -> None:
    known = opened(final_at=T0 + 7)
    intent = replace(intent_of(known), outcome=replace(intent_of(known).outcome, status=status))
    audit = replace(audit_of(known), trigger=replace(TRIGGER, kind="person"), outcome=outcome)
    assert close_intent(known, intent, audit, {}, NOW).final_at == at


def test_an_asset_that_was_seen_while_it_was_closed_is_restored_since_then() -> None:
    """What is ours and what a person took away stays so; its questions are asked anew."""
    people = {"cat": TagPreference("remove", T0, "Cat")}
    known = opened(
        dirty=TRIGGER,
        people=people,
        managed_tags={"Old": ("old",), "Cat": ("cat",)},
        review=("Dog",),
        facts=facts("Old", at=T0 + 5),
        restored_at=T0 + 1,
    )
    after = close_intent(known, intent_of(known), mark_gone(audit_of(known)), {}, NOW)
    assert (after.status, after.managed_tags, after.review) == ("pending", {"Old": ("old",)}, ())
    assert after.restored_at == T0 + 5
    later = replace(known, restored_at=T0 + 9)
    assert close_intent(later, intent_of(later), mark_gone(audit_of(later)), {}, NOW).restored_at == T0 + 9
    bare = replace(known, facts=None)
    assert close_intent(bare, intent_of(bare), mark_gone(audit_of(bare)), {}, NOW).restored_at == T0 + 1
    assert end(known, DONE).restored_at == T0 + 1


@pytest.mark.parametrize(("since", "decided"), [(-1, True), (0, True), (1, False)])
def test_what_was_restored_while_tags_were_written_is_looked_at_again(since: int, decided: bool) -> None:
    at = moment(audit_of(opened()))
    after = end(opened(dirty=TRIGGER, restored_at=at + since), DONE)
    assert bool(after.decided) is decided
    assert end(opened(restored_at=at + since), DONE).decided  # nothing was told since
