"""An accept or a reject that is taken back: as if it had not been given, once, and never against a later word."""

from collections.abc import Callable

import pytest
from msgspec import UNSET
from msgspec.structs import replace

from autotag.domain.errors import Permanent, Retryable
from autotag.domain.model.audit import AnswerRecord, iso
from autotag.domain.model.messages import AssetDeleted, MessageOrigin, ReviewAnswered
from autotag.domain.review.questions import questions
from autotag.domain.state.asset_state import AssetState, Write
from autotag.domain.state.tag_ownership import user_tags_of
from autotag.service.tagging.sweep import sweep
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.effects import Died
from tests.fakes.samples import person, resource, upload
from tests.unit.service.settle import check, come_to_rest
from tests.unit.service.tagging.people.guitarist import (
    ASKS,
    BY,
    LABELS,
    answer,
    audits,
    do,
    guitarist,
    id_of,
    one_answer,
    stored,
    undo,
    upload_again,
    would_ask,
)


@pytest.fixture
def fakes() -> Fakes:
    return guitarist()


def tell(fakes: Fakes, *, added: tuple[str, ...] = (), removed: tuple[str, ...] = ()) -> None:
    """Let a person change tags in Cloudinary, and their change be told."""
    tags = fakes.cloudinary.assets["a1"]["tags"]
    fakes.cloudinary.assets["a1"]["tags"] = [*(tag for tag in tags if tag not in removed), *added]
    handle(fakes.deps, person(added=added, removed=removed, at=fakes.clock.now()), fakes.remaining)


def rest_of(state: AssetState) -> AssetState:
    """Return a state without what only tells that something was tried."""
    return replace(state, rev=0, final_at=0)


def test_an_accept_that_is_taken_back_leaves_no_tag_and_the_question(fakes: Fakes) -> None:
    before = stored(fakes)
    accept = do(fakes, answer(fakes, accept=("musician",)))
    assert "Musician" in fakes.cloudinary.tags("a1")
    do(fakes, undo(fakes, accept))

    assert fakes.cloudinary.tags("a1") == {"press", "People", "Guitar"}
    state = stored(fakes)
    assert set(state.review) == {"Musician", "Performer"} and state.managed_tags == before.managed_tags
    assert (state.status, state.asked_at, state.facts) == (before.status, before.asked_at, before.facts)
    assert state.people["musician"].withdrawn and set(would_ask(fakes)[1]) == {"Musician", "Performer"}
    check(fakes)


def test_a_reject_that_is_taken_back_suppresses_nothing_and_leaves_the_question(fakes: Fakes) -> None:
    calls = len(fakes.cloudinary.calls)
    reject = do(fakes, answer(fakes, reject=("Musician",)))
    do(fakes, undo(fakes, reject))

    assert len(fakes.cloudinary.calls) == calls
    assert set(stored(fakes).review) == {"Musician", "Performer"} == set(would_ask(fakes)[1])
    fakes.rules.use("[defaults]\nthreshold = 0.5\n", 1)
    assert "Musician" in would_ask(fakes)[0]
    check(fakes)


def test_a_tag_that_the_reject_removed_is_written_again_as_ours(fakes: Fakes) -> None:
    fakes.store.items["a1"] = replace(stored(fakes), review=("Guitar",))
    reject = do(fakes, answer(fakes, reject=("guitar",)))
    assert "Guitar" not in fakes.cloudinary.tags("a1")
    do(fakes, undo(fakes, reject, "guitar"))

    assert "Guitar" in fakes.cloudinary.tags("a1") and stored(fakes).managed_tags["Guitar"] == ("guitar",)
    assert audits(fakes)[-1].tags.added == ("Guitar",) and stored(fakes).review == ()
    assert [(told.label, told.outcome) for told in audits(fakes)[-1].labels] == [("Guitar", "kept")]
    check(fakes)


def test_a_tag_that_was_ours_when_it_was_accepted_is_ours_again(fakes: Fakes) -> None:
    before = replace(stored(fakes), review=("Guitar", "Musician"))
    fakes.store.items["a1"] = before
    accept = do(fakes, answer(fakes, accept=("Guitar",)))
    assert "Guitar" not in stored(fakes).managed_tags
    do(fakes, undo(fakes, accept, "Guitar"))

    assert stored(fakes).managed_tags == before.managed_tags and set(stored(fakes).review) == {"Guitar", "Musician"}
    assert "Guitar" in fakes.cloudinary.tags("a1")
    check(fakes)


def test_taking_back_is_one_audit_that_names_who_and_the_other(fakes: Fakes) -> None:
    asked_at = stored(fakes).asked_at
    accept = do(fakes, answer(fakes, accept=("Musician",), reject=("Performer",)))
    message = do(fakes, replace(undo(fakes, accept), by="arn:aws:iam::1:user/eve"))

    first, second = audits(fakes)
    assert first.answers == AnswerRecord(("Musician",), ("Performer",), (), (), iso(asked_at))
    assert first.undid is UNSET
    assert (second.audit_id, second.undid) == (id_of(message), first.audit_id)
    assert second.reason == "taken back by arn:aws:iam::1:user/eve: Musician"
    assert second.answers == AnswerRecord(undo=("Musician",))
    assert (second.outcome, second.tags.added, second.tags.removed) == ("tagged", (), ("Musician",))
    assert second.tags.review == ("Musician",) == stored(fakes).review
    assert [(told.label, told.outcome) for told in second.labels] == [("Musician", "review")]
    assert fakes.bus.sent[-1] == second


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_the_question_returns_to_its_old_place_in_the_queue(fakes: Fakes, verdict: str) -> None:
    asked_at = stored(fakes).asked_at
    both = do(fakes, replace(answer(fakes), **{verdict: ("Musician", "Performer")}))
    assert stored(fakes).asked_at == 0
    fakes.clock.advance(86_400)
    do(fakes, undo(fakes, both, "Performer"))
    assert (stored(fakes).review, stored(fakes).asked_at) == (("Performer",), asked_at)
    do(fakes, undo(fakes, both))
    assert (set(stored(fakes).review), stored(fakes).asked_at) == ({"Musician", "Performer"}, asked_at)


def test_an_old_question_returns_before_younger_ones_of_the_asset(fakes: Fakes) -> None:
    asked_at = stored(fakes).asked_at
    both = do(fakes, answer(fakes, accept=("Musician", "Performer")))
    fakes.store.items["a1"] = replace(stored(fakes), review=("Dancer",), asked_at=asked_at + 600_000)
    do(fakes, undo(fakes, both))

    assert (stored(fakes).review, stored(fakes).asked_at) == (("Dancer", "Musician"), asked_at)


def test_a_younger_question_that_returns_does_not_move_an_old_one_back(fakes: Fakes) -> None:
    asked_at = stored(fakes).asked_at
    old = do(fakes, answer(fakes, accept=("Musician", "Performer")))
    fakes.store.items["a1"] = replace(stored(fakes), review=("Dancer",), asked_at=asked_at + 600_000)
    young = do(fakes, answer(fakes, reject=("Dancer",)))
    do(fakes, undo(fakes, old))
    do(fakes, undo(fakes, young, "Dancer"))

    assert (stored(fakes).review, stored(fakes).asked_at) == (("Musician", "Dancer"), asked_at)


def test_taking_back_never_decides(fakes: Fakes) -> None:
    accept = do(fakes, answer(fakes, accept=("Musician",)))
    fakes.rules.use("[defaults]\nthreshold = 0.3\n", 1)
    do(fakes, undo(fakes, accept))

    assert "Musician" not in fakes.cloudinary.tags("a1") and "Musician" in stored(fakes).review
    asked = questions(stored(fakes), fakes.rules.active().ruleset).by_key["musician"]
    assert not asked.asked and asked.because == "under the active rules: kept, defaults.threshold"


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_an_answer_that_comes_after_it_was_taken_back_counts_for_nothing(fakes: Fakes, verdict: str) -> None:
    tags = fakes.cloudinary.tags("a1")
    message = one_answer(fakes, verdict)
    do(fakes, undo(fakes, message))
    do(fakes, message)

    assert fakes.cloudinary.tags("a1") == tags and set(stored(fakes).review) == {"Musician", "Performer"}
    assert [audit.reason for audit in audits(fakes)] == [f"taken back by {BY}: Musician"]
    check(fakes)


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_what_comes_twice_or_is_asked_by_two_is_taken_back_once(fakes: Fakes, verdict: str) -> None:
    given = do(fakes, one_answer(fakes, verdict))
    first, second = undo(fakes, given), undo(fakes, given)
    for message in (first, second, first, given, second, given):
        do(fakes, message)

    assert len(audits(fakes)) == 2 and set(stored(fakes).review) == {"Musician", "Performer"}
    assert "Musician" not in fakes.cloudinary.tags("a1")
    check(fakes)


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_an_answer_that_was_taken_back_can_be_given_again_and_the_late_undo_does_nothing(
    fakes: Fakes, verdict: str
) -> None:
    given = do(fakes, one_answer(fakes, verdict))
    taken = do(fakes, undo(fakes, given))
    again = do(fakes, replace(one_answer(fakes, "accept"), by="arn:aws:iam::1:user/eve"))
    for late in (taken, given, undo(fakes, given)):
        do(fakes, late)

    assert "Musician" in fakes.cloudinary.tags("a1") and stored(fakes).review == ("Performer",)
    assert stored(fakes).people["musician"].at == again.observed_at and len(audits(fakes)) == 3
    check(fakes)


@pytest.mark.parametrize("verdict", ["accept", "reject"])
@pytest.mark.parametrize("how", ["added", "removed"])
def test_what_a_person_did_in_cloudinary_since_stands(fakes: Fakes, verdict: str, how: str) -> None:
    given = do(fakes, one_answer(fakes, verdict))
    tell(fakes, removed=("Musician",))
    if how == "added":
        tell(fakes, added=("Musician",))
    before, tags = stored(fakes), fakes.cloudinary.tags("a1")
    do(fakes, undo(fakes, given))

    assert stored(fakes) == before and fakes.cloudinary.tags("a1") == tags and len(audits(fakes)) == 1


@pytest.mark.parametrize("how", ["added", "removed"])
def test_a_person_who_speaks_while_an_accept_is_taken_back_has_the_last_word(fakes: Fakes, how: str) -> None:
    given = do(fakes, answer(fakes, accept=("Musician",)))
    fakes.cloudinary.fails = [Retryable("503", delay=60)]
    do(fakes, undo(fakes, given))
    tell(fakes, removed=("Musician",))
    if how == "added":
        tell(fakes, added=("Musician",))
    come_to_rest(fakes)

    assert ("Musician" in fakes.cloudinary.tags("a1")) is (how == "added")
    assert stored(fakes).review == ("Performer",) and not stored(fakes).people["musician"].withdrawn
    check(fakes)


def test_a_tag_that_was_there_before_the_accept_stays(fakes: Fakes) -> None:
    there = resource("a1", LABELS, tags=("press", "People", "Guitar", "Musician"))
    fakes.cloudinary.assets["a1"] = there
    facts = upload(dict(there), fakes.clock.now()).facts
    fakes.store.items["a1"] = replace(stored(fakes), facts=facts)
    given = do(fakes, answer(fakes, accept=("Musician",)))
    calls = len(fakes.cloudinary.calls)
    do(fakes, undo(fakes, given))

    assert "Musician" in fakes.cloudinary.tags("a1") and len(fakes.cloudinary.calls) == calls
    assert "Musician" in user_tags_of(stored(fakes)) and "Musician" in stored(fakes).review


def test_a_tag_that_is_taken_back_does_not_count_as_a_persons_since_it_was_seen_there(fakes: Fakes) -> None:
    given = do(fakes, answer(fakes, accept=("Musician",)))
    seen = upload(dict(fakes.cloudinary.assets["a1"]), fakes.clock.now()).facts
    fakes.store.items["a1"] = replace(stored(fakes), facts=seen)
    assert seen is not None and "Musician" in seen.tags
    do(fakes, undo(fakes, given))

    assert "Musician" not in user_tags_of(stored(fakes)) and would_ask(fakes)[1] == ("Musician", "Performer")


def test_where_cloudinary_refuses_all_is_as_before_it_was_taken_back(fakes: Fakes) -> None:
    given = do(fakes, answer(fakes, accept=("Musician",)))
    before = stored(fakes)
    fakes.cloudinary.fails = [Permanent("Cloudinary answered 400: no")]
    message = do(fakes, undo(fakes, given))

    assert rest_of(stored(fakes)) == rest_of(before) and "Musician" in fakes.cloudinary.tags("a1")
    failed = audits(fakes)[-1]
    assert (failed.outcome, failed.reason, failed.tags.removed) == ("failed", "Cloudinary answered 400: no", ())
    do(fakes, message)  # recorded as refused: a duplicate of it does not say otherwise
    assert len(audits(fakes)) == 2 and "Musician" in fakes.cloudinary.tags("a1")
    do(fakes, undo(fakes, given))
    assert "Musician" not in fakes.cloudinary.tags("a1") and "Musician" in stored(fakes).review
    check(fakes)


def test_where_cloudinary_refuses_to_write_a_rejected_tag_again_it_stays_rejected(fakes: Fakes) -> None:
    fakes.store.items["a1"] = replace(stored(fakes), review=("Guitar",))
    given = do(fakes, answer(fakes, reject=("Guitar",)))
    before = stored(fakes)
    fakes.cloudinary.most_tags = 2
    do(fakes, undo(fakes, given, "Guitar"))

    assert rest_of(stored(fakes)) == rest_of(before) and audits(fakes)[-1].outcome == "failed"


def test_an_accept_that_cloudinary_refuses_does_not_forget_what_was_taken_back_before(fakes: Fakes) -> None:
    first = do(fakes, answer(fakes, accept=("Musician",)))
    do(fakes, undo(fakes, first))
    fakes.cloudinary.most_tags = 3
    do(fakes, answer(fakes, accept=("Musician",)))
    assert audits(fakes)[-1].outcome == "failed" and stored(fakes).people["musician"].withdrawn
    fakes.cloudinary.most_tags = 1000
    fakes.audits.records.pop(id_of(first))
    do(fakes, first)

    assert "Musician" not in fakes.cloudinary.tags("a1") and "Musician" in stored(fakes).review


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_an_answer_whose_audit_has_expired_is_taken_back_by_the_wish_alone(fakes: Fakes, verdict: str) -> None:
    given = do(fakes, one_answer(fakes, verdict))
    del fakes.audits.records[id_of(given)]
    do(fakes, undo(fakes, given))

    assert "Musician" not in fakes.cloudinary.tags("a1") and "Musician" in stored(fakes).review
    assert stored(fakes).people["musician"].withdrawn


def test_a_removed_tag_comes_back_though_the_audit_of_its_reject_has_expired(fakes: Fakes) -> None:
    fakes.store.items["a1"] = replace(stored(fakes), review=("Guitar",))
    given = do(fakes, answer(fakes, reject=("Guitar",)))
    del fakes.audits.records[id_of(given)]
    do(fakes, undo(fakes, given, "Guitar"))

    assert "Guitar" in fakes.cloudinary.tags("a1") and "Guitar" in stored(fakes).managed_tags


def test_where_the_audit_has_expired_a_tag_that_our_last_write_did_not_add_stays(fakes: Fakes) -> None:
    given = do(fakes, answer(fakes, accept=("Musician",)))
    del fakes.audits.records[id_of(given)]
    writes = {**stored(fakes).writes, "Musician": Write("remove", fakes.clock.now(), 100)}
    fakes.store.items["a1"] = replace(stored(fakes), writes=writes)
    do(fakes, undo(fakes, given))

    assert "Musician" in fakes.cloudinary.tags("a1") and stored(fakes).people["musician"].withdrawn


def none_such(fakes: Fakes, what: str) -> tuple[str, str]:
    """Return the id of what is no answer that can be taken back, and a tag; a person added the tag ``mine``."""
    given = do(fakes, answer(fakes, accept=("Musician",)))
    reject = do(fakes, answer(fakes, reject=("Performer",)))
    match what:
        case "an undo":
            return id_of(do(fakes, undo(fakes, reject, "Performer"))), "Performer"
        case "a clear":
            return id_of(do(fakes, answer(fakes, clear=("Performer",)))), "Performer"
        case "a decision":
            return next(iter(fakes.audits.records)), "Musician"
        case "an answer about another tag":
            return id_of(given), "mine"
        case "another asset's":
            return f"b2{id_of(given)[2:]}", "Musician"
        case "a person's doing in Cloudinary":
            return f"a1.{stored(fakes).people['mine'].at:013d}.{'p' * 12}", "mine"
        case _:
            return f"a1.{given.observed_at:013d}.other", "Musician"


@pytest.mark.parametrize(
    "what",
    [
        *("an undo", "a clear", "a decision", "an answer about another tag", "another asset's"),
        *("a person's doing in Cloudinary", "made up"),
    ],
)
def test_nothing_but_an_accept_or_a_reject_of_that_tag_is_taken_back(fakes: Fakes, what: str) -> None:
    """A tag that a person added in Cloudinary stays theirs, whatever an id claims."""
    tell(fakes, added=("mine",))
    of, tag = none_such(fakes, what)
    before, tags, known = stored(fakes), fakes.cloudinary.tags("a1"), len(fakes.audits.records)
    do(fakes, undo(fakes, of, tag))

    assert stored(fakes) == before and fakes.cloudinary.tags("a1") == tags and len(fakes.audits.records) == known


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_an_answer_about_a_version_that_was_overwritten_is_not_taken_back(fakes: Fakes, verdict: str) -> None:
    given = do(fakes, one_answer(fakes, verdict))
    message = undo(fakes, given)
    upload_again(fakes, 200)
    before = stored(fakes)
    for late in (message, undo(fakes, given, version=200)):
        do(fakes, late)

    assert stored(fakes) == before and len(audits(fakes)) == 1


def test_an_answer_to_an_older_version_is_not_taken_back_before_it_comes(fakes: Fakes) -> None:
    message = undo(fakes, answer(fakes, accept=("Musician",)))
    upload_again(fakes, 200)
    before = stored(fakes)
    do(fakes, message)

    assert stored(fakes) == before and audits(fakes) == []


def test_the_answer_about_an_asset_that_was_deleted_is_not_taken_back(fakes: Fakes) -> None:
    given = do(fakes, answer(fakes, accept=("Musician",)))
    deleted = AssetDeleted(stored(fakes).asset, fakes.clock.now(), MessageOrigin("delete", "x"))
    handle(fakes.deps, deleted, fakes.remaining)
    do(fakes, undo(fakes, given))

    assert stored(fakes).status == "gone" and len(audits(fakes)) == 1


def test_an_asset_that_is_deleted_while_an_accept_is_taken_back_ends_as_gone(fakes: Fakes) -> None:
    given = do(fakes, answer(fakes, accept=("Musician",)))
    del fakes.cloudinary.assets["a1"]
    do(fakes, undo(fakes, given))

    assert (stored(fakes).status, stored(fakes).review, audits(fakes)[-1].outcome) == ("gone", (), "gone")


def test_under_a_live_intent_taking_back_comes_again_and_a_due_one_is_finished_first(fakes: Fakes) -> None:
    fakes.cloudinary.fails = [Retryable("503", delay=60)]
    given = do(fakes, answer(fakes, accept=("Musician",)))
    message = undo(fakes, given)
    with pytest.raises(Retryable, match="a1 is being worked on"):
        do(fakes, message)
    fakes.clock.advance(61)
    do(fakes, message)

    assert [audit.outcome for audit in audits(fakes)] == ["tagged", "tagged"]
    assert "Musician" not in fakes.cloudinary.tags("a1") and "Musician" in stored(fakes).review
    check(fakes)


def ends_of(number: int, when: str) -> Fakes:
    """Let a worker die at an effect of an accept, and the undo come meanwhile, before the poller."""
    fakes = guitarist()
    fakes.effects.die_at = (fakes.effects.done + number, when)
    given = answer(fakes, accept=("Musician",))
    with pytest.raises(Died):
        do(fakes, given)
    queued: list[ReviewAnswered] = [undo(fakes, given), given]
    while queued:
        message = queued.pop(0)
        try:
            do(fakes, message)
        except Retryable:
            queued.append(message)
            fakes.clock.advance(120)
    come_to_rest(fakes)
    return fakes


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(5))
def test_an_accept_whose_worker_died_is_taken_back_all_the_same(number: int, when: str) -> None:
    """The five effects of an accept: its claim, its call, its audit, its event, its final write."""
    fakes = ends_of(number, when)

    assert fakes.cloudinary.tags("a1") == {"press", "People", "Guitar"}
    assert set(stored(fakes).review) == {"Musician", "Performer"} and stored(fakes).people["musician"].withdrawn
    assert audits(fakes)[-1].reason == f"taken back by {BY}: Musician"
    check(fakes)


def test_the_late_echo_of_the_accept_does_not_bring_the_tag_back(fakes: Fakes) -> None:
    """The accept was carried out after it was already to be taken back, with a key that people may use, too."""
    fakes.cloudinary.fails = [Retryable("503", delay=60)]
    given = do(fakes, answer(fakes, accept=("Musician",)))
    message = undo(fakes, given)
    fakes.clock.advance(61)
    sweep(fakes.deps, fakes.remaining)
    called = fakes.clock.now()
    do(fakes, message)
    handle(fakes.deps, person(added=("Musician",), at=called, by="222"), fakes.remaining)

    assert "Musician" not in fakes.cloudinary.tags("a1") and "Musician" in stored(fakes).review
    check(fakes)


def test_the_late_echo_of_taking_back_does_not_end_a_new_accept(fakes: Fakes) -> None:
    given = do(fakes, answer(fakes, accept=("Musician",)))
    message = undo(fakes, given)
    again = answer(fakes, accept=("Musician",))
    do(fakes, message)
    called = fakes.clock.now()
    do(fakes, again)
    handle(fakes.deps, person(removed=("Musician",), at=called, by="222"), fakes.remaining)
    assert "Musician" in fakes.cloudinary.tags("a1") and "musician" in stored(fakes).people

    fakes.cloudinary.assets["a1"]["tags"].remove("Musician")  # a person has our key: what is done later is theirs
    handle(fakes.deps, person(removed=("Musician",), at=fakes.clock.now(), by="222"), fakes.remaining)
    assert stored(fakes).people["musician"].want == "remove"


def before_answers_were_marked(fakes: Fakes, given: ReviewAnswered) -> None:
    """Let an answer have been carried out by the version before: no mark in the state, no answers in the audit."""
    state, record = stored(fakes), fakes.audits.records[id_of(given)]
    preference = replace(state.people["musician"], answer="")
    fakes.store.items["a1"] = replace(state, people={**state.people, "musician": preference})
    fakes.audits.records[id_of(given)] = replace(record, answers=UNSET)


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_an_answer_of_before_answers_were_recorded_is_taken_back_by_its_audit(fakes: Fakes, verdict: str) -> None:
    given = do(fakes, one_answer(fakes, verdict))
    before_answers_were_marked(fakes, given)
    do(fakes, undo(fakes, given))

    assert "Musician" not in fakes.cloudinary.tags("a1") and "Musician" in stored(fakes).review
    check(fakes)


def bus_is_down(fakes: Fakes) -> None:
    fakes.bus.fails = Retryable("EventBridge: InternalException")


def new_labels_came(fakes: Fakes) -> None:
    labels = {**LABELS, "Cat": 0.99}
    handle(fakes.deps, upload(resource("a1", labels), fakes.clock.now(), "d2"), fakes.remaining)


@pytest.mark.parametrize("meanwhile", [bus_is_down, new_labels_came])
def test_it_is_taken_back_and_announced_whatever_happened_meanwhile(
    fakes: Fakes, meanwhile: Callable[[Fakes], None]
) -> None:
    given = do(fakes, answer(fakes, accept=("Musician",)))
    meanwhile(fakes)
    do(fakes, undo(fakes, given))
    fakes.bus.fails = None
    come_to_rest(fakes)

    assert "Musician" not in fakes.cloudinary.tags("a1") and "Musician" in stored(fakes).review
    assert audits(fakes)[-1] in fakes.bus.sent
    check(fakes)


def test_what_is_not_asked_about_any_more_is_not_taken_back_before_it_was_answered(fakes: Fakes) -> None:
    given = answer(fakes, accept=("Musician",))
    fakes.rules.use(ASKS.replace("0.5", "0.6"), 1)
    new_labels_came(fakes)
    before = stored(fakes)
    assert before.review == ()
    do(fakes, undo(fakes, given))

    assert stored(fakes) == before and audits(fakes) == []


def test_an_undo_takes_back_no_answer_that_is_younger_than_itself() -> None:
    fakes = guitarist()
    given = one_answer(fakes, "accept")
    early = replace(undo(fakes, given), observed_at=given.observed_at - 1)
    do(fakes, given)
    do(fakes, early)

    assert "Musician" in fakes.cloudinary.tags("a1") and stored(fakes).people["musician"].want == "add"
