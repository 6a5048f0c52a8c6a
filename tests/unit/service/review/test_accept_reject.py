"""What an accept and a reject do to the tag, now and under later rules and versions, and how they are audited."""

from msgspec.structs import replace

from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.samples import person, resource, upload
from tests.unit.service.settle import check
from tests.unit.service.tagging.people.guitarist import (
    ASKS,
    BY,
    LABELS,
    answer,
    audits,
    do,
    stored,
    upload_again,
    would_ask,
)


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


def test_the_echo_of_an_accepted_tag_is_not_audited_as_a_persons(fakes: Fakes) -> None:
    do(fakes, answer(fakes, accept=("Musician",)))
    handle(fakes.deps, person(added=("Musician",), at=fakes.clock.now(), by="222"), fakes.remaining)
    handle(fakes.deps, person(added=("Musician",), at=fakes.clock.now(), by="other"), fakes.remaining)

    assert audits(fakes, "person") == [] and len(audits(fakes)) == 1
