"""What people answer about tags in the review queue: theirs from then on, audited once, never undone by rules."""

from secrets import token_hex

import pytest
from msgspec.structs import replace

from autotag.adapters.aws.dynamodb.items import item_size, state_to_item
from autotag.domain.errors import Retryable
from autotag.domain.model.messages import Message, hint
from autotag.domain.runs.retag import retagging
from autotag.domain.state.asset_state import AssetState, TagPreference
from autotag.domain.state.item_size import ITEM
from autotag.service.tagging.sweep import sweep
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.runtime import START
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
    one_answer,
    stored,
    upload_again,
    would_ask,
)


@pytest.fixture
def fakes() -> Fakes:
    return guitarist()


def test_an_accepted_tag_is_written_as_the_persons(fakes: Fakes) -> None:
    do(fakes, answer(fakes, accept=("Musician",)))

    assert fakes.cloudinary.tags("a1") == {"press", "People", "Guitar", "Musician"}
    state = stored(fakes)
    assert set(state.managed_tags) == {"People", "Guitar"} and state.review == ("Performer",)
    assert (state.people["musician"].want, state.people["musician"].labels) == ("add", ("musician",))
    assert state.status == "tagged" and state.intent is None
    check(fakes)


def test_an_accepted_tag_stays_under_rules_that_would_take_it_away(fakes: Fakes) -> None:
    do(fakes, answer(fakes, accept=("Musician",)))
    fakes.rules.use('[defaults]\ndeny = ["Musician"]\n', 1)
    labels = {**LABELS, "Cat": 0.99}
    handle(fakes.deps, upload(resource("a1", labels), fakes.clock.now(), "d2"), fakes.remaining)

    assert "Musician" in fakes.cloudinary.tags("a1") and "Cat" in fakes.cloudinary.tags("a1")


def test_an_accept_that_found_the_asset_gone_is_no_wish_when_it_comes_back(fakes: Fakes) -> None:
    asset = fakes.cloudinary.assets.pop("a1")
    do(fakes, answer(fakes, accept=("Musician",)))
    assert stored(fakes).status == "gone" and "musician" not in stored(fakes).people
    fakes.clock.advance(600)
    fakes.cloudinary.assets["a1"] = asset
    handle(fakes.deps, upload(dict(asset), fakes.clock.now(), "d2"), fakes.remaining)

    assert "Musician" in stored(fakes).review and "Musician" not in fakes.cloudinary.tags("a1")


def test_a_rejected_tag_is_not_written_and_nobody_is_asked_again(fakes: Fakes) -> None:
    calls = len(fakes.cloudinary.calls)
    do(fakes, answer(fakes, reject=("Musician",)))

    assert len(fakes.cloudinary.calls) == calls
    assert stored(fakes).review == ("Performer",) and would_ask(fakes)[1] == ("Performer",)
    check(fakes)


def test_a_rejected_label_does_not_come_back_under_any_name_or_threshold(fakes: Fakes) -> None:
    do(fakes, answer(fakes, reject=("Musician",)))
    fakes.rules.use('[defaults]\nthreshold = 0.3\n[labels.Musician]\ntag = "artist"\n', 1)

    tags, review = would_ask(fakes)
    assert set(tags) == {"People", "Guitar", "Performer"} and review == ()


def test_a_rejected_tag_does_not_come_back_with_a_newer_version(fakes: Fakes) -> None:
    do(fakes, answer(fakes, reject=("Musician",)))
    fakes.rules.use("[defaults]\nthreshold = 0.3\n", 1)
    upload_again(fakes, 200)

    assert "Musician" not in fakes.cloudinary.tags("a1") and "Performer" in fakes.cloudinary.tags("a1")


def test_a_rejected_tag_stands_for_the_labels_that_the_record_tells_which_asked(fakes: Fakes) -> None:
    """The rules of now do not give that tag any more."""
    fakes.rules.use(ASKS + '[labels.Musician]\ntag = "artist"\n', 1)
    upload_again(fakes, 200)
    fakes.rules.use("[defaults]\nthreshold = 0.3\n", 2)
    do(fakes, answer(fakes, version=200, reject=("artist",)))

    assert stored(fakes).people["artist"].labels == ("musician",)
    assert "Musician" not in would_ask(fakes)[0] and "Performer" in would_ask(fakes)[0]


def test_a_rejected_tag_stands_for_the_labels_that_the_rules_of_now_ask_about(fakes: Fakes) -> None:
    fakes.rules.use(ASKS + '[labels.Performer]\ntag = "Musician"\n', 1)
    do(fakes, answer(fakes, reject=("Musician",)))

    assert stored(fakes).people["musician"].labels == ("musician", "performer")


def test_a_rejected_tag_that_is_ours_is_removed(fakes: Fakes) -> None:
    fakes.store.items["a1"] = replace(stored(fakes), review=("Guitar",))
    do(fakes, answer(fakes, reject=("guitar",)))

    assert fakes.cloudinary.calls[-1] == ("remove", "stage/a1", ("Guitar",))
    assert set(stored(fakes).managed_tags) == {"People"} and audits(fakes)[0].tags.removed == ("Guitar",)
    check(fakes)


def test_answers_are_audited_with_who_gave_them(fakes: Fakes) -> None:
    message = do(fakes, answer(fakes, accept=("musician",), reject=("Performer",), digest="ab" * 32))

    (audit,) = audits(fakes)
    assert audit.audit_id == f"a1.{message.observed_at}.abababababab"
    assert (audit.trigger.notification_type, audit.trigger.digest, audit.trigger.request_id) == (
        "review",
        "ab" * 32,
        "",
    )
    assert audit.reason == f"accepted by {BY}: Musician; rejected by {BY}: Performer"
    assert (audit.outcome, audit.tags.before) == ("tagged", ("press", "People", "Guitar"))
    assert (audit.tags.added, audit.tags.removed, audit.tags.review) == (("Musician",), (), ())
    assert [(each.label, each.confidence, each.outcome) for each in audit.labels] == [
        ("Musician", 0.5754, "kept"),
        ("Performer", 0.5754, "suppressed"),
    ]
    assert fakes.bus.sent[-1] == audit


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_a_message_that_comes_twice_is_one_audit(fakes: Fakes, verdict: str) -> None:
    message = one_answer(fakes, verdict)
    for _ in range(3):
        do(fakes, message)

    assert len(audits(fakes)) == 1 and fakes.telemetry.counts["Duplicate"] == 2


def test_the_same_answer_given_twice_is_one_audit(fakes: Fakes) -> None:
    do(fakes, answer(fakes, reject=("Musician",)))
    before = stored(fakes)
    do(fakes, answer(fakes, reject=("Musician",)))

    assert len(audits(fakes)) == 1 and stored(fakes) == before


def test_an_opposite_answer_after_the_question_is_gone_changes_nothing(fakes: Fakes) -> None:
    do(fakes, answer(fakes, accept=("Musician",)))
    do(fakes, answer(fakes, reject=("Musician",)))

    assert "Musician" in fakes.cloudinary.tags("a1") and len(audits(fakes)) == 1


def test_what_nobody_asked_about_is_not_answered(fakes: Fakes) -> None:
    before = stored(fakes)
    do(fakes, answer(fakes, accept=("Cat",), reject=("People", "press"), clear=("Dog",)))

    assert stored(fakes) == before and audits(fakes) == []


def test_an_answer_about_an_older_version_is_not_one_about_this(fakes: Fakes) -> None:
    message = answer(fakes, accept=("Musician",), reject=("Performer",))
    upload_again(fakes, 200)
    do(fakes, message)

    assert audits(fakes) == [] and stored(fakes).review == ("Musician", "Performer")


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_a_younger_wish_of_a_person_stands_whatever_was_answered_before(fakes: Fakes, verdict: str) -> None:
    message = one_answer(fakes, verdict)
    fakes.cloudinary.assets["a1"]["tags"].append("Musician")
    handle(fakes.deps, person(added=("Musician",), at=fakes.clock.now()), fakes.remaining)
    fakes.cloudinary.assets["a1"]["tags"].remove("Musician")
    handle(fakes.deps, person(removed=("Musician",), at=fakes.clock.now()), fakes.remaining)
    do(fakes, message)

    assert "Musician" not in fakes.cloudinary.tags("a1") and audits(fakes) == []


def test_a_person_who_removes_an_accepted_tag_meanwhile_has_the_last_word(fakes: Fakes) -> None:
    fakes.cloudinary.fails = [Retryable("503", delay=60)]
    do(fakes, answer(fakes, accept=("Musician",)))
    handle(fakes.deps, person(removed=("Musician",), at=fakes.clock.now()), fakes.remaining)
    come_to_rest(fakes)

    assert "Musician" not in fakes.cloudinary.tags("a1")
    assert stored(fakes).people["musician"].want == "remove" and stored(fakes).review == ("Performer",)
    check(fakes)


def test_a_person_who_adds_the_tag_answers_the_question(fakes: Fakes) -> None:
    handle(fakes.deps, person(added=("Musician",), at=fakes.clock.now()), fakes.remaining)

    assert stored(fakes).review == ("Performer",)


def test_the_echo_of_an_accepted_tag_is_not_audited_as_a_persons(fakes: Fakes) -> None:
    do(fakes, answer(fakes, accept=("Musician",)))
    handle(fakes.deps, person(added=("Musician",), at=fakes.clock.now(), by="222"), fakes.remaining)
    handle(fakes.deps, person(added=("Musician",), at=fakes.clock.now(), by="other"), fakes.remaining)

    assert audits(fakes, "person") == [] and len(audits(fakes)) == 1


def test_under_a_live_intent_an_answer_comes_again(fakes: Fakes) -> None:
    fakes.cloudinary.fails = [Retryable("503", delay=600)]
    do(fakes, answer(fakes, accept=("Musician",)))
    second = answer(fakes, reject=("Performer",))
    with pytest.raises(Retryable, match="a1 is being worked on"):
        do(fakes, second)
    assert stored(fakes).review == ("Performer",)


def test_a_due_intent_is_finished_before_the_answer_is_carried_out(fakes: Fakes) -> None:
    fakes.cloudinary.fails = [Retryable("503", delay=60)]
    do(fakes, answer(fakes, accept=("Musician",)))
    fakes.clock.advance(61)
    do(fakes, answer(fakes, reject=("Performer",)))

    assert [audit.tags.review for audit in audits(fakes)] == [("Performer",), ()]
    assert stored(fakes).review == () and "Musician" in fakes.cloudinary.tags("a1")
    check(fakes)


def test_a_tag_that_cloudinary_refuses_is_asked_about_again(fakes: Fakes) -> None:
    fakes.cloudinary.most_tags = 3
    message = do(fakes, answer(fakes, accept=("Musician",)))

    (audit,) = audits(fakes)
    assert (audit.outcome, audit.tags.added) == ("failed", ())
    state = stored(fakes)
    assert set(state.review) == {"Musician", "Performer"} and state.people == {}
    assert (state.status, set(state.managed_tags)) == ("tagged", {"People", "Guitar"})
    fakes.cloudinary.most_tags = 1000
    do(fakes, message)  # recorded as refused: a duplicate of it does not say otherwise
    assert "Musician" not in fakes.cloudinary.tags("a1") and audits(fakes) == [audit]
    do(fakes, answer(fakes, accept=("Musician",)))
    assert "Musician" in fakes.cloudinary.tags("a1")


def test_an_asset_that_was_deleted_takes_no_answer_and_leaves_the_queue(fakes: Fakes) -> None:
    del fakes.cloudinary.assets["a1"]
    do(fakes, answer(fakes, accept=("Musician",)))
    assert (stored(fakes).status, stored(fakes).review) == ("gone", ())
    do(fakes, answer(fakes, reject=("Performer",)))
    assert [audit.outcome for audit in audits(fakes)] == ["gone"]


def test_an_asset_that_was_never_seen_takes_no_answer(fakes: Fakes) -> None:
    do(fakes, replace(answer(fakes, accept=("Musician",)), asset_id="nobody"))
    assert "nobody" not in fakes.store.items


@pytest.mark.parametrize("how", ["rejected", "removed"])
def test_a_cleared_removal_lets_the_next_decision_bring_the_tag_back(fakes: Fakes, how: str) -> None:
    if how == "rejected":
        do(fakes, answer(fakes, reject=("Musician",)))
    else:
        fakes.rules.use("[defaults]\nthreshold = 0.5\n", 1)
        upload_again(fakes, 200)
        fakes.cloudinary.assets["a1"]["tags"].remove("Musician")
        handle(fakes.deps, person(removed=("Musician",), at=fakes.clock.now()), fakes.remaining)
    tags = fakes.cloudinary.tags("a1")
    do(fakes, answer(fakes, version=stored(fakes).asset.version, clear=("musician",)))

    assert fakes.cloudinary.tags("a1") == tags
    assert audits(fakes)[-1].reason == f"cleared by {BY}: Musician"
    fakes.rules.use("[defaults]\nthreshold = 0.5\n", 2)
    assert "Musician" in would_ask(fakes)[0]
    check(fakes)


def test_a_cleared_tag_that_was_on_the_asset_is_written_again_not_taken_for_a_persons(fakes: Fakes) -> None:
    """What was last seen of the asset lists the tag; only that a person removed it tells that it is not there."""
    seen = stored(fakes).facts
    assert seen is not None
    there = replace(seen, tags=("press", "People", "Guitar"))
    fakes.store.items["a1"] = replace(stored(fakes), facts=there)
    handle(fakes.deps, person(removed=("People",), at=fakes.clock.now()), fakes.remaining)
    do(fakes, answer(fakes, clear=("People",)))
    again = retagging(stored(fakes), fakes.rules.active().ruleset)

    assert again is not None and again.difference.add == ("People",)


def test_a_younger_removal_is_not_cleared_by_an_older_word(fakes: Fakes) -> None:
    handle(fakes.deps, person(removed=("Guitar",), at=fakes.clock.now()), fakes.remaining)
    message = answer(fakes, clear=("Guitar",))
    handle(fakes.deps, person(removed=("Guitar",), at=fakes.clock.now()), fakes.remaining)
    do(fakes, message)

    assert audits(fakes) == [] and "Guitar" not in would_ask(fakes)[0]


def test_a_removal_that_is_told_late_does_not_undo_that_it_was_cleared(fakes: Fakes) -> None:
    removal = person(removed=("Guitar",), at=fakes.clock.now())
    handle(fakes.deps, removal, fakes.remaining)
    do(fakes, answer(fakes, clear=("Guitar",)))
    handle(fakes.deps, removal, fakes.remaining)
    assert "Guitar" in would_ask(fakes)[0]

    handle(fakes.deps, person(removed=("Guitar",), at=fakes.clock.now()), fakes.remaining)
    assert "Guitar" not in would_ask(fakes)[0]


def test_what_a_person_added_is_not_cleared(fakes: Fakes) -> None:
    do(fakes, answer(fakes, accept=("Musician",)))
    do(fakes, answer(fakes, clear=("Musician",)))

    assert stored(fakes).people["musician"].want == "add" and len(audits(fakes)) == 1


def test_others_keep_their_place_in_the_queue(fakes: Fakes) -> None:
    asked_at = stored(fakes).asked_at
    assert asked_at
    do(fakes, answer(fakes, accept=("Musician",)))
    assert stored(fakes).asked_at == asked_at < stored(fakes).final_at
    do(fakes, answer(fakes, accept=("Performer",)))
    assert stored(fakes).asked_at == 0


def test_there_is_an_event_for_every_answer_though_the_bus_was_down(fakes: Fakes) -> None:
    fakes.bus.fails = Retryable("EventBridge: InternalException")
    do(fakes, answer(fakes, reject=("Musician",)))
    assert stored(fakes).outbox == (audits(fakes)[0].audit_id,)
    fakes.bus.fails = None
    fakes.clock.advance(600)
    sweep(fakes.deps, fakes.remaining)
    assert fakes.bus.sent[-1] == audits(fakes)[0]


def filled(fakes: Fakes, size: int) -> None:
    """Let the asset's state have grown to ``size`` bytes by what people did."""
    fakes.store.measured = True
    bare = stored(fakes)
    preference = TagPreference("add", START, "x" * 200)

    def of(count: int) -> AssetState:
        return replace(bare, people={f"{n:0200x}": preference for n in range(count)})

    def weight(state: AssetState) -> int:
        return item_size(state_to_item(state, "stamp"))

    one = weight(of(2)) - weight(of(1))
    fakes.store.items["a1"] = of((size - weight(bare)) // one)


def test_an_answer_takes_the_room_of_what_can_be_read_again(fakes: Fakes) -> None:
    fakes.cloudinary.assets["a1"]["context"] = {"custom": {"story": token_hex(20_000)}}
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"]), fakes.clock.now(), "d2"), fakes.remaining)
    filled(fakes, ITEM - 48_000)
    do(fakes, answer(fakes, reject=("Musician",)))

    assert stored(fakes).people["musician"].want == "remove" and stored(fakes).facts is None
    assert [audit.outcome for audit in audits(fakes)] == ["unchanged"] and stored(fakes).poll is not None


def test_an_answer_that_finds_no_room_at_all_is_recorded_as_failed_once_and_ends(fakes: Fakes) -> None:
    filled(fakes, ITEM - 20_000)
    message = answer(fakes, accept=("Musician",))
    fakes.bus.fails = Retryable("EventBridge: InternalException")
    with pytest.raises(Retryable):
        do(fakes, message)
    fakes.bus.fails = None
    for _ in range(3):
        do(fakes, message)

    (audit,) = audits(fakes)
    assert audit.outcome == "failed" and "there is no room for what was accepted by" in str(audit.reason)
    assert audit in fakes.bus.sent and stored(fakes).review == ("Musician", "Performer")


def test_who_is_asked_something_new_takes_a_new_place_in_the_queue(fakes: Fakes) -> None:
    asked_at = stored(fakes).asked_at
    fakes.cloudinary.assets["a1"] = resource("a1", {**LABELS, "Drum": 0.6}, version=200)
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"]), fakes.clock.now(), "d2"), fakes.remaining)
    assert stored(fakes).review == ("Drum", "Musician", "Performer") and stored(fakes).asked_at == asked_at

    fakes.cloudinary.assets["a1"] = resource("a1", {"Guitar": 0.8, "Boat": 0.6}, version=300)
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"]), fakes.clock.now(), "d3"), fakes.remaining)
    assert stored(fakes).review == ("Boat",) and asked_at < stored(fakes).asked_at == stored(fakes).final_at


def test_a_question_of_which_the_time_is_not_known_is_asked_from_now_on(fakes: Fakes) -> None:
    fakes.store.items["a1"] = replace(stored(fakes), asked_at=0)
    do(fakes, answer(fakes, accept=("Musician",)))

    assert stored(fakes).review == ("Performer",) and stored(fakes).asked_at == stored(fakes).final_at


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_an_answer_from_before_the_tag_was_added_counts_no_more(verdict: str) -> None:
    """Whether a person added it, or Cloudinary did, is not known: it was within seconds of the labels."""
    fakes = Fakes(ASKS)
    fakes.cloudinary.assets["a1"] = resource("a1", {"Musician": 0.6})
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    message = one_answer(fakes, verdict)
    fakes.cloudinary.assets["a1"]["tags"].append("Musician")
    handle(fakes.deps, person(added=("Musician",), at=fakes.clock.now() + 1), fakes.remaining)
    calls = len(fakes.cloudinary.calls)
    do(fakes, message)

    assert "musician" not in stored(fakes).people and len(fakes.cloudinary.calls) == calls
    assert "Musician" in fakes.cloudinary.tags("a1")


@pytest.mark.parametrize("hinted", [False, True])
@pytest.mark.parametrize("verdict", ["accept", "reject"])
@pytest.mark.parametrize("did", ["added", "removed"])
def test_an_edit_before_an_answer_that_is_told_after_it_ends_as_if_it_had_been_told_first(
    verdict: str, did: str, hinted: bool
) -> None:
    """Nobody would have been asked about the tag."""
    ends = []
    for late in (False, True):
        fakes = guitarist()
        body = fakes.cloudinary.assets["a1"]
        if did == "added":
            body["tags"] = [*body["tags"], "Musician"]
        edit: Message = person(**{did: ("Musician",)}, at=fakes.clock.now())  # type: ignore[arg-type]
        edit = hint(edit) if hinted else edit  # type: ignore[arg-type]
        fakes.clock.advance(1)
        messages = [edit, one_answer(fakes, verdict)]
        for message in messages[::-1] if late else messages:
            handle(fakes.deps, message, fakes.remaining)
        come_to_rest(fakes)
        preference = stored(fakes).people["musician"]
        ends.append(
            (fakes.cloudinary.tags("a1"), preference.want, preference.at, preference.answer, stored(fakes).review)
        )
    if hinted and (verdict, did) == ("accept", "removed"):
        assert "Musician" in ends[1][0]  # a read does not show that a tag that we wrote had been removed before
    else:
        assert ends[0] == ends[1] and ends[0][1] == ("add" if did == "added" else "remove") and ends[0][3] == ""


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_an_edit_that_was_known_when_an_answer_was_given_ends_it_no_more_when_it_comes_again(verdict: str) -> None:
    """A person added a tag and took it off again; that was cleared, so that it is asked about once more."""
    fakes = guitarist()
    edits = [person(added=("Musician",), at=fakes.clock.now()), person(removed=("Musician",), at=fakes.clock.now())]
    for edit in edits:
        handle(fakes.deps, edit, fakes.remaining)
    fakes.clock.advance(60)
    do(fakes, answer(fakes, clear=("Musician",)))
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"]), fakes.clock.now(), "d2"), fakes.remaining)
    fakes.clock.advance(60)
    fakes.rules.use(ASKS + "# asked again\n", 1)
    assert "Musician" in would_ask(fakes)[1]
    fakes.store.items["a1"] = replace(stored(fakes), review=("Musician", "Performer"))
    do(fakes, one_answer(fakes, verdict))
    answered = stored(fakes).people["musician"]
    assert answered.answer and answered.after
    for edit in edits:
        handle(fakes.deps, edit, fakes.remaining)
    assert stored(fakes).people["musician"] == answered
