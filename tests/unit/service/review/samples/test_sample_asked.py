"""Which questions are asked at random, once each, and what is kept of them; nothing is called, nothing audited."""

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Retryable, TooLarge
from autotag.domain.model.messages import AssetDeleted, AssetRenamed, MessageOrigin
from autotag.domain.model.verdicts import Bar, Sample
from autotag.service.worker import handle
from tests.fakes.samples import person, upload
from tests.unit.service.review.samples.hatted import HATTED, ask, hatted, request, sample, waiting
from tests.unit.service.settle import check, come_to_rest
from tests.unit.service.tagging.people.guitarist import ASKS, BY, answer, do, new_labels_came, stored, upload_again


def test_a_question_below_every_bar_is_kept_with_its_bar_and_what_it_is_about() -> None:
    fakes = hatted()
    before, calls, records = stored(fakes), fakes.cloudinary.calls[:], [*fakes.audits.records]
    at = ask(fakes).observed_at

    version = fakes.rules.now[0].version[:12]
    assert stored(fakes).samples == {"hat": Sample(at, "Hat", "hat", 2000, version, Bar(0.7, 0.5))}
    assert stored(fakes) == replace(before, rev=before.rev + 1, samples=stored(fakes).samples)
    assert (fakes.cloudinary.calls, [*fakes.audits.records]) == (calls, records)
    assert waiting(fakes) == ("Musician", "Performer", "Hat")
    assert fakes.telemetry.lines[-1] == ("sampled", {"asset_id": "a1", "tags": ["Hat"], "by": BY})


def test_of_several_labels_those_that_fit_are_asked_about_and_only_new_ones_are_logged() -> None:
    fakes = hatted()
    ask(fakes)
    ask(fakes, "Boat", "Hat", "Guitar")
    assert stored(fakes).samples.keys() == {"hat", "guitar"}
    assert fakes.telemetry.lines[-1] == ("sampled", {"asset_id": "a1", "tags": ["Guitar"], "by": BY})


def test_a_label_without_any_confidence_is_asked_about_and_its_confidence_is_known_in_the_queue() -> None:
    fakes = hatted(labels=HATTED | {"Hat": 0.0})
    ask(fakes)
    assert sample(fakes).confidence == 1


def test_a_tag_that_is_written_and_one_in_review_may_be_asked_about_too() -> None:
    fakes = hatted()
    ask(fakes, "Guitar", "Musician")
    assert stored(fakes).samples.keys() == {"guitar", "musician"}
    assert waiting(fakes) == ("Musician", "Performer", "Guitar")
    assert stored(fakes).review == ("Musician", "Performer") and set(stored(fakes).managed_tags) == {"People", "Guitar"}


def test_a_message_that_comes_again_asks_nothing_again() -> None:
    fakes = hatted()
    message = request(fakes)
    handle(fakes.deps, message, fakes.remaining)
    before = stored(fakes)
    handle(fakes.deps, message, fakes.remaining)
    handle(fakes.deps, replace(message, observed_at=message.observed_at + 9), fakes.remaining)
    assert stored(fakes) == before and fakes.telemetry.counts["Duplicate"] == 2
    assert [event for event, _ in fakes.telemetry.lines].count("sampled") == 1


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_a_question_that_was_answered_is_not_asked_again(verdict: str) -> None:
    fakes = hatted()
    ask(fakes)
    do(fakes, replace(answer(fakes), **{verdict: ("Hat",)}))
    before = stored(fakes)
    ask(fakes)
    assert stored(fakes) == before


@pytest.mark.parametrize(
    ("rules", "labels"),
    [
        (ASKS, ("Scarf", "Boat")),
        (ASKS + 'deny = ["Hat"]\n', ("Hat",)),
        (ASKS + 'allow = ["Guitar"]\n', ("Hat",)),
        (ASKS + '[[when]]\nfolder = "stage"\nskip = true\n', ("Hat", "Guitar")),
        (ASKS + '[labels.Hat]\ntag = "press"\n', ("Hat",)),
    ],
    ids=["no such label", "denied", "not allowed", "skipped", "a person's tag"],
)
def test_a_label_that_gives_no_tag_is_not_asked_about(rules: str, labels: tuple[str, ...]) -> None:
    fakes = hatted(rules)
    before = stored(fakes)
    ask(fakes, *labels)
    assert stored(fakes) == before


@pytest.mark.parametrize("op", ["added", "removed"])
def test_a_tag_that_a_person_has_decided_on_is_not_asked_about(op: str) -> None:
    fakes = hatted()
    handle(fakes.deps, person("a1", **{op: ("hat",)}, at=fakes.clock.now()), fakes.remaining)  # type: ignore[arg-type]
    ask(fakes)
    assert stored(fakes).samples == {}


def test_a_label_that_a_person_removed_under_another_name_is_not_asked_about() -> None:
    fakes = hatted()
    do(fakes, answer(fakes, reject=("Musician",)))
    fakes.rules.use(ASKS + '[labels.Musician]\ntag = "artist"\n', 1)
    ask(fakes, "Musician")
    assert stored(fakes).samples == {}


def test_of_two_labels_with_one_tag_the_first_is_asked_about() -> None:
    fakes = hatted(ASKS + '[labels.Hat]\ntag = "Clothes"\n[labels.Cap]\ntag = "clothes"\n', HATTED | {"Cap": 0.3})
    ask(fakes, "Hat", "Cap", "hat")
    assert [(key, asked.label, asked.tag) for key, asked in stored(fakes).samples.items()] == [
        ("clothes", "hat", "Clothes")
    ]
    ask(fakes, "Cap")
    assert sample(fakes, "clothes").label == "hat"


def test_a_question_about_another_picture_is_not_asked() -> None:
    fakes = hatted()
    ask(fakes, version=99)
    ask(fakes, version=101)
    assert stored(fakes).samples == {} and fakes.telemetry.counts["Stale"] == 2


def test_an_unknown_and_a_deleted_asset_are_not_asked_about() -> None:
    fakes = hatted()
    handle(fakes.deps, replace(request(fakes), asset_id="a9"), fakes.remaining)
    del fakes.cloudinary.assets["a1"]
    deleted = AssetDeleted(stored(fakes).asset, fakes.clock.now(), MessageOrigin("delete", "x1"))
    handle(fakes.deps, deleted, fakes.remaining)
    ask(fakes)
    assert stored(fakes).samples == {} and fakes.store.items.keys() == {"a1"}


def test_the_bar_is_that_of_the_rules_that_decided_on_the_asset() -> None:
    fakes = hatted()
    decided = fakes.rules.now[0].version[:12]
    fakes.rules.use("[defaults]\nthreshold = 0.1\n", 1)
    ask(fakes)
    assert (sample(fakes).rules, sample(fakes).bar) == (decided, Bar(0.7, 0.5))


def test_the_bar_is_the_active_one_where_the_rules_of_the_decision_are_not_at_hand() -> None:
    fakes = hatted()
    fakes.rules.versions.clear()
    fakes.rules.use("[defaults]\nthreshold = 0.1\n", 1)
    ask(fakes)
    assert (sample(fakes).rules, sample(fakes).bar) == (fakes.rules.now[0].version[:12], Bar(0.1))


def test_the_bar_is_the_active_one_where_the_label_was_denied() -> None:
    fakes = hatted(ASKS + 'deny = ["Hat"]\n')
    fakes.rules.use("[defaults]\nthreshold = 0.1\n", 1)
    ask(fakes)
    assert (sample(fakes).rules, sample(fakes).bar) == (fakes.rules.now[0].version[:12], Bar(0.1))


def test_rules_older_than_the_assets_ask_nothing_yet() -> None:
    fakes = hatted()
    fakes.store.items["a1"] = replace(stored(fakes), rules_seq=7)
    with pytest.raises(Retryable, match="under rules 7"):
        ask(fakes)


def test_an_overwrite_drops_the_questions_about_the_older_picture() -> None:
    fakes = hatted()
    ask(fakes)
    ask(fakes, "Guitar")
    do(fakes, answer(fakes, accept=("Guitar",)))
    upload_again(fakes, 200)
    assert stored(fakes).samples == {} and "Hat" not in waiting(fakes)


def test_a_rename_and_another_decision_keep_the_question() -> None:
    fakes = hatted()
    ask(fakes)
    before = stored(fakes).samples
    ref = replace(stored(fakes).asset, public_id="stage/b1", version=0)
    fakes.cloudinary.assets["a1"]["public_id"] = "stage/b1"
    renamed = AssetRenamed(ref, "stage", fakes.clock.now(), MessageOrigin("rename", "n1"))
    handle(fakes.deps, renamed, fakes.remaining)
    new_labels_came(fakes)
    assert "Cat" in stored(fakes).managed_tags and stored(fakes).samples == before


def test_a_deleted_asset_leaves_the_queue_and_comes_back_with_its_question() -> None:
    fakes = hatted()
    ask(fakes)
    asset = fakes.cloudinary.assets.pop("a1")
    deleted = AssetDeleted(stored(fakes).asset, fakes.clock.now(), MessageOrigin("delete", "x1"))
    handle(fakes.deps, deleted, fakes.remaining)
    assert stored(fakes).status == "gone" and waiting(fakes) == ()

    fakes.clock.advance(60)
    fakes.cloudinary.assets["a1"] = asset
    handle(fakes.deps, upload(dict(asset), fakes.clock.now(), "d9"), fakes.remaining)
    come_to_rest(fakes)
    assert "Hat" in waiting(fakes)
    check(fakes)


def test_beside_an_open_intent_the_question_is_stored_and_the_intent_ends_as_it_would() -> None:
    """The due index shows the intent then: the message that its owner counts on may be this one's batch."""
    fakes = hatted()
    fakes.cloudinary.fails = [Retryable("503", delay=600)]
    do(fakes, answer(fakes, accept=("Musician",)))
    assert stored(fakes).intent is not None
    ask(fakes)
    assert stored(fakes).intent is not None and sample(fakes).label == "hat"
    come_to_rest(fakes)

    assert "Musician" in fakes.cloudinary.tags("a1") and waiting(fakes) == ("Performer", "Hat")
    check(fakes)


def test_a_due_intent_is_finished_by_the_message_that_meets_it() -> None:
    fakes = hatted()
    fakes.cloudinary.fails = [Retryable("503", delay=60)]
    do(fakes, answer(fakes, accept=("Musician",)))
    fakes.clock.advance(61)
    ask(fakes)
    assert stored(fakes).intent is None and "Musician" in fakes.cloudinary.tags("a1")
    assert waiting(fakes) == ("Performer", "Hat")


def test_a_state_that_changes_meanwhile_is_read_again() -> None:
    fakes = hatted()

    def meanwhile() -> None:
        fakes.store.before_put = lambda: None
        handle(fakes.deps, person("a1", removed=("Musician",), at=fakes.clock.now()), fakes.remaining)

    fakes.store.before_put = meanwhile
    ask(fakes, "Hat", "Musician")
    assert stored(fakes).samples.keys() == {"hat"} and waiting(fakes) == ("Performer", "Hat")


def test_a_question_that_has_no_room_is_not_asked_and_its_message_ends() -> None:
    fakes = hatted()

    def full() -> None:
        raise TooLarge("400001 bytes")

    fakes.store.before_put = full
    ask(fakes)
    assert stored(fakes).samples == {}
    assert ("sample_dropped", {"asset_id": "a1", "fault": "400001 bytes"}) in fakes.telemetry.lines
