"""More than an item of the table can hold: it ends, audited, and never comes again and again."""

import random
from typing import Any

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Retryable
from autotag.domain.model.labels import Categorization
from autotag.domain.model.messages import MessageOrigin, RefetchAsset
from autotag.domain.state.asset_state import TagPreference
from autotag.domain.state.item_size import ITEM
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.minute import a_minute
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, person, resource, upload
from tests.unit.service.settle import check, come_to_rest, decisions


@pytest.fixture
def fakes() -> Fakes:
    """A world whose table has no more room than DynamoDB's."""
    fakes = Fakes()
    fakes.store.measured = True
    return fakes


CHANCE = random.Random(7)
LETTERS = "".join(map(chr, range(0x4E00, 0x9E00)))


def noise(count: int, length: int) -> list[str]:
    """Return different words of ``length`` characters, of 3 bytes each."""
    return ["".join(CHANCE.choices(LETTERS, k=length)) for _ in range(count)]


HUGE = dict.fromkeys(noise(1000, 240), 0.9)
"""Labels that no item can hold."""


def labelled(labels: dict[str, float], **kwargs: Any) -> dict[str, Any]:
    return resource("a1", labels, **kwargs)


def test_a_thousand_labels_are_decided_on_like_any(fakes: Fakes) -> None:
    body = labelled({f"Label number {n} of a thousand": 0.7 + n / 10_000 for n in range(1000)})
    fakes.cloudinary.assets["a1"] = dict(body)
    handle(fakes.deps, upload(body), fakes.remaining)

    check(fakes)
    (audit,) = decisions(fakes)
    assert audit.outcome == "tagged" and len(audit.labels) == len(fakes.cloudinary.tags("a1")) == 1000
    assert max(fakes.store.sizes) < ITEM


@pytest.mark.parametrize("status", ["complete", "pending"])
def test_what_is_too_large_to_be_kept_is_audited_as_failed_once(fakes: Fakes, status: str) -> None:
    """The labels of a notification, or the tags of an asset whose labels are still to come."""
    large = labelled(HUGE) if status == "complete" else labelled({}, status="pending", tags=tuple(noise(600, 240)))
    fakes.cloudinary.assets["a1"] = resource("a1")
    for _ in range(3):
        handle(fakes.deps, upload(large), fakes.remaining)
    come_to_rest(fakes)

    check(fakes)
    (audit,) = decisions(fakes)
    assert audit.outcome == "failed" and "too large to be kept" in str(audit.reason)
    assert fakes.store.items["a1"].status == "failed" and fakes.telemetry.counts["Duplicate"] == 2
    assert fakes.telemetry.counts["Failed"] == 1 and fakes.cloudinary.calls == []


def test_what_is_read_and_too_large_is_not_read_again(fakes: Fakes) -> None:
    fakes.cloudinary.assets["a1"] = labelled(HUGE)
    handle(fakes.deps, RefetchAsset("a1", START, MessageOrigin("upload", "d1")), fakes.remaining)
    come_to_rest(fakes)

    check(fakes)
    assert fakes.outcomes() == ["failed"] and len(fakes.cloudinary.reads) == 1


def test_a_later_version_that_fits_is_tagged(fakes: Fakes) -> None:
    fakes.cloudinary.assets["a1"] = labelled(HUGE)
    handle(fakes.deps, upload(labelled(HUGE)), fakes.remaining)
    fakes.cloudinary.assets["a1"] = labelled(GUITARIST, version=200)
    handle(fakes.deps, upload(labelled(GUITARIST, version=200), START + 9, "d2"), fakes.remaining)

    check(fakes)
    assert fakes.outcomes() == ["failed", "tagged"] and fakes.cloudinary.tags("a1") == {"People", "Guitar"}


def test_tags_of_ours_stay_ours_through_a_version_that_is_too_large(fakes: Fakes) -> None:
    fakes.cloudinary.assets["a1"] = labelled(GUITARIST)
    handle(fakes.deps, upload(labelled(GUITARIST)), fakes.remaining)
    handle(fakes.deps, upload(labelled(HUGE, version=200), START + 9, "d2"), fakes.remaining)
    handle(fakes.deps, upload(labelled({"Cat": 0.9}, version=300), START + 20, "d3"), fakes.remaining)
    come_to_rest(fakes)

    check(fakes)
    assert fakes.outcomes() == ["tagged", "failed", "tagged"] and fakes.cloudinary.tags("a1") == {"Cat"}


def test_what_finds_no_room_beside_an_open_intent_is_read_when_that_is_finished(fakes: Fakes) -> None:
    middle = labelled(dict.fromkeys(noise(200, 240), 0.1) | {"Guitar": 0.9})
    fakes.cloudinary.fails = [Retryable("Cloudinary answered 503", delay=60)]
    handle(fakes.deps, upload(middle), fakes.remaining)
    assert fakes.store.items["a1"].intent is not None
    newer = labelled(dict.fromkeys(noise(350, 240), 0.1) | {"Cat": 0.9}, version=200)
    fakes.cloudinary.assets["a1"] = dict(newer)
    handle(fakes.deps, upload(newer, START + 9, "d2"), fakes.remaining)
    stored = fakes.store.items["a1"]
    assert stored.asset.version == 100 and stored.poll is not None and stored.intent is not None
    come_to_rest(fakes)

    check(fakes)
    assert [audit.asset.version for audit in decisions(fakes)] == [100, 200]


def filled(fakes: Fakes, size: int) -> None:
    """Fill the state of a1 with wishes of people, which nobody could read again, to about ``size`` bytes."""
    state = fakes.store.items["a1"]
    preferences = {word: TagPreference("add", START, word) for word in noise(size // 735, 240)}
    fakes.store.items["a1"] = replace(state, people={**state.people, **preferences})


def test_where_there_is_no_room_even_for_a_failure_there_is_its_record(fakes: Fakes) -> None:
    fakes.cloudinary.assets["a1"] = labelled(GUITARIST)
    handle(fakes.deps, upload(labelled(GUITARIST)), fakes.remaining)
    filled(fakes, ITEM - 40_000)
    message = upload(labelled({"Cat": 0.9}, version=200), START + 9, "d2")
    for _ in range(3):
        handle(fakes.deps, message, fakes.remaining)
    come_to_rest(fakes)

    assert fakes.outcomes() == ["tagged", "failed"] and fakes.cloudinary.tags("a1") == {"People", "Guitar"}
    assert {audit.audit_id for audit in fakes.bus.sent} == set(fakes.audits.records)


def test_a_persons_doing_takes_the_room_of_what_can_be_read_again(fakes: Fakes) -> None:
    body = labelled(dict.fromkeys(noise(200, 240), 0.1) | {"Guitar": 0.9})
    fakes.cloudinary.assets["a1"] = dict(body)
    handle(fakes.deps, upload(body), fakes.remaining)
    filled(fakes, 180_000)
    fakes.cloudinary.assets["a1"]["tags"] = []
    handle(fakes.deps, person(removed=("Guitar",), added=tuple(noise(50, 240)), at=START + 60_000), fakes.remaining)
    state = fakes.store.items["a1"]
    assert state.people["guitar"].want == "remove" and state.categorizations == {} and state.managed_tags == {}
    come_to_rest(fakes)

    check(fakes)
    assert fakes.cloudinary.tags("a1") == set() and len(decisions(fakes)) <= 2


def test_a_persons_doing_that_finds_no_room_at_all_is_recorded_as_failed_and_ends(fakes: Fakes) -> None:
    fakes.cloudinary.assets["a1"] = labelled(GUITARIST)
    handle(fakes.deps, upload(labelled(GUITARIST)), fakes.remaining)
    filled(fakes, ITEM - 40_000)
    message = person(added=tuple(noise(50, 240)), at=START + 60_000)
    for _ in range(3):
        handle(fakes.deps, message, fakes.remaining)

    assert fakes.outcomes() == ["tagged", "failed"]
    assert {audit.audit_id for audit in fakes.bus.sent} == set(fakes.audits.records)


def test_an_asset_that_is_gone_ends_though_its_state_is_full(fakes: Fakes) -> None:
    big = dict.fromkeys(noise(250, 240), 0.1)
    pending = labelled({}, status="pending", tags=tuple(noise(200, 240)))
    pending["info"]["categorization"]["google_tagging"] = labelled(big)["info"]["categorization"]["aws_rek_tagging"]
    handle(fakes.deps, upload(pending), fakes.remaining)
    assert fakes.store.items["a1"].poll is not None
    fakes.clock.advance(120)
    a_minute(fakes)
    come_to_rest(fakes)

    assert fakes.outcomes() == ["gone"] and fakes.store.items["a1"].status == "gone"


def test_an_intent_that_was_opened_can_always_be_taken_over_and_closed(fakes: Fakes) -> None:
    """The largest claim that is let in, with messages and wishes merged beside it, is finished."""
    for length in (150, 200, 220, 230, 250):
        name = f"a{length}"
        body = resource(name, dict.fromkeys(noise(500, length), 0.9))
        fakes.cloudinary.assets[name] = dict(body)
        fakes.cloudinary.fails = [Retryable("Cloudinary answered 503", delay=60)]
        handle(fakes.deps, upload(body), fakes.remaining)
        fakes.cloudinary.fails = []
        for n in range(12):
            added = tuple(noise(10, 240))
            handle(fakes.deps, person(name, added=added, at=START + n, digest=f"{name}{n}"), fakes.remaining)
    outcomes = {state.status for state in fakes.store.items.values()}
    come_to_rest(fakes)

    assert outcomes == {"applying", "failed"}, "some of the claims fit, and some do not"
    for state in fakes.store.items.values():
        assert state.intent is None and state.status in ("tagged", "failed")
    assert ITEM - 65_000 < max(fakes.store.sizes) <= ITEM


def test_labels_that_arrive_in_pieces_and_only_together_are_too_large_end_as_failed(fakes: Fakes) -> None:
    providers = ("aws_rek_tagging", "google_tagging", "imagga_tagging")
    fakes.rules.use(f"[defaults]\nproviders = {list(providers)}\n", 0)
    whole = labelled({})
    for provider in providers:
        one = labelled(dict.fromkeys(noise(200, 240), 0.1) | {"Guitar": 0.9})
        whole["info"]["categorization"][provider] = one["info"]["categorization"]["aws_rek_tagging"]
    fakes.cloudinary.assets["a1"] = whole
    complete = upload(whole)
    pending = {provider: Categorization("pending", observed_at=START) for provider in providers}
    handle(fakes.deps, replace(complete, categorizations=pending), fakes.remaining)
    for number, provider in enumerate(providers):
        found = {provider: replace(complete.categorizations[provider], observed_at=START + number)}
        handle(fakes.deps, replace(complete, categorizations=found, facts=None), fakes.remaining)
    come_to_rest(fakes)

    check(fakes)
    assert fakes.outcomes() == ["failed"] and fakes.cloudinary.calls == []
