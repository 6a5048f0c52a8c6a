"""Messages that come hours or days late: redriven from the dead letters, or about what happened before."""

import pytest

from autotag.domain.errors import Retryable
from autotag.service.worker import handle
from tests.fakes.effects import Died
from tests.fakes.samples import GUITARIST, person, resource, upload
from tests.unit.service.settle import check, come_to_rest, decisions
from tests.unit.service.tagging.faults.asset_messages import COMPLETED, FIRST, PENDING, REMOVED, given, given_tagged

DAY = 86400


@pytest.mark.parametrize("days", [1, 4, 14])
def test_what_is_redriven_from_the_dead_letters_days_later_finds_its_place(days: int) -> None:
    """Everything of an asset's first day lay in the dead-letter queue; since then it was overwritten."""
    fakes = given()
    fakes.clock.advance(days * DAY)
    handle(fakes.deps, upload(resource("a1", {"Cat": 0.9}, version=200), fakes.clock.now(), "today"), fakes.remaining)
    come_to_rest(fakes)
    for message in (COMPLETED, REMOVED, FIRST, PENDING):
        handle(fakes.deps, message, fakes.remaining)
    come_to_rest(fakes)

    check(fakes)
    assert fakes.cloudinary.tags("a1") == {"press", "Cat"} and len(decisions(fakes)) == 1
    assert fakes.store.items["a1"].people["guitar"].want == "remove"  # and it stays so through later versions


@pytest.mark.parametrize("days", [1, 14])
def test_an_upload_that_is_redriven_days_later_is_tagged_once(days: int) -> None:
    fakes = given()
    fakes.clock.advance(days * DAY)
    for _ in range(2):
        handle(fakes.deps, FIRST, fakes.remaining)
    come_to_rest(fakes)

    check(fakes)
    assert fakes.cloudinary.tags("a1") == {"press", "People", "Guitar"} and len(decisions(fakes)) == 1


def test_a_removal_that_is_redriven_days_later_is_still_done() -> None:
    """The tag was written after the person had taken it away, since their event lay in the dead-letter queue."""
    fakes = given()
    fakes.clock.advance(60)
    handle(fakes.deps, FIRST, fakes.remaining)
    fakes.clock.advance(4 * DAY)
    handle(fakes.deps, REMOVED, fakes.remaining)
    come_to_rest(fakes)

    check(fakes)
    assert fakes.cloudinary.tags("a1") == {"press", "People"}


def test_a_removal_told_after_the_upload_that_brought_the_tag_again_outlasts_it() -> None:
    """In whatever order the two come, the next version does not bring back what a person took away."""
    for late in (False, True):
        fakes = given_tagged()
        fakes.clock.advance(60)
        removed = person(removed=("Guitar",), at=fakes.clock.now())
        fakes.clock.advance(60)
        managed_tags = fakes.clock.now() // 1000
        body = resource("a1", {"Cat": 0.9}, tags=("Guitar",), version=managed_tags)
        fakes.cloudinary.assets["a1"] = body
        set_by_upload = upload(dict(body), fakes.clock.now(), "brought")
        for message in (set_by_upload, removed) if late else (removed, set_by_upload):
            handle(fakes.deps, message, fakes.remaining)
        fakes.clock.advance(60)
        body = resource("a1", GUITARIST, version=fakes.clock.now() // 1000)
        fakes.cloudinary.assets["a1"] = body
        handle(fakes.deps, upload(dict(body), fakes.clock.now(), "third"), fakes.remaining)
        come_to_rest(fakes)

        assert fakes.cloudinary.tags("a1") == {"People"}, f"told late: {late}"


def test_a_removal_told_after_a_newer_version_was_tagged_again_is_done_there_too() -> None:
    """The person took the tag from the old version; by the time that is told, the new one has it from us."""
    fakes = given_tagged()
    fakes.clock.advance(60)
    removed = person(removed=("Guitar",), at=fakes.clock.now())
    fakes.clock.advance(60)
    body = resource("a1", {**GUITARIST, "Cat": 0.9}, version=fakes.clock.now() // 1000)
    fakes.cloudinary.assets["a1"] = body
    handle(fakes.deps, upload(dict(body), fakes.clock.now(), "newer"), fakes.remaining)
    assert fakes.cloudinary.tags("a1") == {"People", "Guitar", "Cat"}
    handle(fakes.deps, removed, fakes.remaining)
    come_to_rest(fakes)

    check(fakes)
    assert fakes.cloudinary.tags("a1") == {"People", "Cat"}


def test_a_record_of_a_person_is_announced_though_its_writer_died_and_somebody_spoke_since() -> None:
    """Under an open intent: the record was put, its event was not sent, and a younger change is handled first."""
    fakes = given_tagged()
    fakes.cloudinary.fails = [Retryable("503")]
    fakes.clock.advance(60)
    newer = resource("a1", {**GUITARIST, "Cat": 0.9}, version=fakes.clock.now() // 1000)
    handle(fakes.deps, upload(newer, fakes.clock.now(), "newer"), fakes.remaining)  # its intent waits
    older = person(removed=("Guitar",), at=fakes.clock.now(), digest="older")
    younger = person(added=("Guitar",), at=fakes.clock.now(), digest="younger")
    fakes.effects.die_at = (fakes.effects.done, "after")
    with pytest.raises(Died):
        handle(fakes.deps, older, fakes.remaining)
    fakes.effects.die_at = None
    for message in (younger, older):
        handle(fakes.deps, message, fakes.remaining)
    come_to_rest(fakes)

    check(fakes)  # each record was announced
    assert {a.trigger.digest for a in fakes.audits.records.values() if a.trigger.kind == "person"} >= {"older"}
