"""Who changed a tag: a person, an upload, or this service, whose own calls come back as notifications."""

from typing import Any

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Retryable
from autotag.domain.model.messages import MessageOrigin, RefetchAsset, TagsEdited
from autotag.domain.state.person_edits import record_id
from autotag.service.tagging.person_edits import handle_tag_edit as act
from autotag.service.tagging.poll import poll
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.effects import Died
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, person, resource, upload
from tests.unit.service.settle import come_to_rest


def test_the_echo_of_our_own_write_is_not_a_persons(fakes: Fakes) -> None:
    act(fakes.deps, person(added=("People", "Guitar"), at=fakes.clock.now(), by="222"), fakes.remaining)

    assert fakes.store.items["a1"].people == {} and len(fakes.audits.records) == 1


def echo_of_a_removal(fakes: Fakes) -> TagsEdited:
    """A person removes a tag with our key, the process dies once this is recorded, and then we remove it, too.

    From then on the same message looks like the echo of our own call.
    """
    fakes.cloudinary.fails = [Retryable("503", delay=60)]  # so that an intent is open, which records nothing of it
    handle(fakes.deps, upload(resource("a1", GUITARIST | {"Cat": 0.9}), fakes.clock.now(), "d2"), fakes.remaining)
    message = person(removed=("Guitar",), at=fakes.clock.now(), by="222")
    fakes.effects.die_at = (fakes.effects.done, "after")
    with pytest.raises(Died):
        handle(fakes.deps, message, fakes.remaining, received_before=False)
    fakes.effects.die_at = None
    come_to_rest(fakes)
    handle(fakes.deps, upload(resource("a1", {"People": 0.99}, version=200), fakes.clock.now(), "d3"), fakes.remaining)
    assert ("remove", "stage/a1", ("Cat", "Guitar")) in fakes.cloudinary.calls
    return message


def test_a_pure_echo_that_is_received_for_the_first_time_reads_no_audit(fakes: Fakes) -> None:
    fakes.audits.read.clear()
    echo = person(added=("People", "Guitar"), at=fakes.clock.now(), by="222")
    handle(fakes.deps, echo, fakes.remaining, received_before=False)

    assert fakes.audits.read == [] and fakes.telemetry.counts["Duplicate"] == 1


def test_a_repeated_change_of_a_person_reads_its_audit_whenever_it_is_received(fakes: Fakes) -> None:
    change = person(removed=("Guitar",), at=fakes.clock.now())
    for _ in range(2):
        fakes.audits.read.clear()
        handle(fakes.deps, change, fakes.remaining, received_before=False)

    assert fakes.audits.read == [record_id(change)]


def test_a_record_is_announced_though_its_message_looks_like_an_echo_by_now(fakes: Fakes) -> None:
    """The owner died between record and event, so its message comes back with a receive count above one."""
    message = echo_of_a_removal(fakes)
    handle(fakes.deps, message, fakes.remaining, received_before=True)

    assert record_id(message) in {audit.audit_id for audit in fakes.bus.sent}


def test_a_person_with_our_own_key_is_told_from_the_echo_by_the_difference(fakes: Fakes) -> None:
    act(fakes.deps, person(removed=("Guitar",), at=fakes.clock.now(), by="222"), fakes.remaining)

    assert set(fakes.store.items["a1"].people) == {"guitar"}


def test_a_tag_of_ours_that_a_read_finds_missing_was_removed_by_a_person(fakes: Fakes) -> None:
    fakes.cloudinary.assets["a1"]["tags"].remove("Guitar")
    handle(fakes.deps, RefetchAsset("a1", fakes.clock.now(), MessageOrigin("upload", "d3")), fakes.remaining)
    poll(fakes.deps, "a1", fakes.remaining)

    assert fakes.store.items["a1"].people["guitar"].want == "remove"
    assert fakes.cloudinary.tags("a1") == {"People"}


@pytest.mark.parametrize("op", ["add", "remove"])
def test_the_echo_of_a_call_whose_worker_died_is_not_a_persons(fakes: Fakes, op: str) -> None:
    """The intent is still open, and the call is in no write of the state yet."""
    labels = {**GUITARIST, "Cat": 0.99} if op == "add" else {"Cat": 0.99, "Guitar": 0.9}
    claim, call = fakes.effects.done, fakes.effects.done + 1
    fakes.effects.die_at = (call, "after")
    with pytest.raises(Died):
        handle(fakes.deps, upload(resource("a1", labels), fakes.clock.now(), "d2"), fakes.remaining)
    assert fakes.cloudinary.calls[-1][0] == op and fakes.store.items["a1"].intent is not None and claim
    by_us = fakes.cloudinary.calls[-1][2]
    echo = person(added=by_us if op == "add" else (), removed=by_us if op == "remove" else (), at=fakes.clock.now())
    handle(fakes.deps, replace(echo, by=fakes.cloudinary.own_key), fakes.remaining)
    come_to_rest(fakes)

    assert fakes.store.items["a1"].people == {} and len(fakes.audits.records) == 2
    assert set(fakes.store.items["a1"].managed_tags) == fakes.cloudinary.tags("a1")


def test_a_tag_that_an_overwriting_upload_set_is_theirs_though_only_a_read_tells() -> None:
    """We had written it before the overwrite; what came to the asset with the newer version is people's."""
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST, version=START // 1000)
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    fakes.clock.advance(3600)
    overwritten = resource("a1", GUITARIST, version=fakes.clock.now() // 1000, tags=("Guitar",))
    fakes.cloudinary.assets["a1"] = overwritten
    fakes.clock.advance(60)
    handle(fakes.deps, RefetchAsset("a1", fakes.clock.now(), MessageOrigin("upload", "d2")), fakes.remaining)
    assert fakes.cloudinary.tags("a1") == {"People", "Guitar"}
    fakes.rules.use('[defaults]\ndeny = ["Guitar", "People"]\n', 1)
    labels = {**GUITARIST, "Cat": 0.99}
    body = resource("a1", labels, version=overwritten["version"], tags=("Guitar", "People"))
    handle(fakes.deps, upload(body, fakes.clock.now(), "d3"), fakes.remaining)

    assert fakes.cloudinary.tags("a1") == {"Guitar", "Cat"}


def written_after_an_overwrite(*, tags: tuple[str, ...]) -> tuple[Fakes, dict[str, Any]]:
    """An asset that was overwritten a minute ago, with ``tags``; we wrote ours since, not knowing of it yet."""
    fakes = Fakes()
    decided = resource("a1", GUITARIST, version=START // 1000 - 120)
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST, version=START // 1000 - 60, tags=tags)
    handle(fakes.deps, upload(decided), fakes.remaining)
    assert fakes.cloudinary.tags("a1") == set(fakes.store.items["a1"].managed_tags) == {"People", "Guitar"}
    return fakes, resource("a1", GUITARIST, version=START // 1000 - 60, tags=tags)


def test_a_tag_that_we_wrote_after_an_overwrite_is_ours_when_a_read_shows_it() -> None:
    fakes, _ = written_after_an_overwrite(tags=())
    handle(fakes.deps, RefetchAsset("a1", fakes.clock.now(), MessageOrigin("upload", "d2")), fakes.remaining)

    assert set(fakes.store.items["a1"].managed_tags) == {"People", "Guitar"} and fakes.store.items["a1"].people == {}


def test_a_tag_that_an_overwriting_upload_set_is_theirs_though_we_wrote_it_since() -> None:
    fakes, body = written_after_an_overwrite(tags=("Guitar",))
    handle(fakes.deps, upload(body, START - 60_000, "d2"), fakes.remaining)

    assert set(fakes.store.items["a1"].managed_tags) == {"People"} and set(fakes.store.items["a1"].people) == {"guitar"}


@pytest.mark.parametrize("by", ["222", "new"])
def test_during_a_rotation_the_echo_of_another_process_is_not_a_persons(fakes: Fakes, by: str) -> None:
    """This process still has the old key, and another one calls with the new key; or the other way around."""
    fakes.cloudinary.own_key, fakes.cloudinary.newest_keys = "old" if by == "new" else "new", frozenset({"new", "222"})
    handle(fakes.deps, person(added=("Guitar",), at=fakes.clock.now(), by=by), fakes.remaining)

    assert fakes.store.items["a1"].people == {} and len(fakes.audits.records) == 1
    assert set(fakes.store.items["a1"].managed_tags) == {"People", "Guitar"}


def test_a_person_with_another_key_is_a_person_though_the_change_is_one_that_the_service_made(fakes: Fakes) -> None:
    fakes.cloudinary.newest_keys = frozenset({"222", "old"})
    handle(fakes.deps, person(added=("Guitar",), at=fakes.clock.now(), by="999"), fakes.remaining)

    assert fakes.store.items["a1"].people["guitar"].want == "add"
