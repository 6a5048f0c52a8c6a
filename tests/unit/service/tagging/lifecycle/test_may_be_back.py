"""An upload that is told after a read found its asset gone: it may have come back, and is read, or it has not."""

from typing import Any

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Retryable
from autotag.domain.state.asset_state import Poll
from autotag.domain.state.tag_ownership import ECHO_SLACK
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, resource, upload
from tests.unit.service.settle import come_to_rest
from tests.unit.service.tagging.faults.test_meanwhile import MINUTE
from tests.unit.service.tagging.reading.hinted_asset import hint
from tests.unit.service.tagging.tagged_asset import given_tagged

GONE_AT = START + 60 * MINUTE
WAITS = Poll(GONE_AT + 10**9, 1, GONE_AT + 10**9)


@pytest.mark.parametrize(
    ("seen_at", "changed", "read"),
    [
        (GONE_AT - 1, {}, True),
        (GONE_AT - ECHO_SLACK + 1, {}, True),
        (GONE_AT - ECHO_SLACK, {}, False),  # before anything that clocks may differ by
        (GONE_AT - 1, {"deleted_at": START + MINUTE, "restored_at": START + MINUTE}, True),
        (GONE_AT - 1, {"deleted_at": START + 1, "restored_at": START + MINUTE}, True),
        (GONE_AT - 1, {"deleted_at": GONE_AT, "restored_at": START + MINUTE}, False),  # a notification said so
        (GONE_AT - 1, {"poll": WAITS}, False),  # it is read anyway
        (GONE_AT - 1, {"status": "tagged", "deleted_at": GONE_AT}, False),
    ],
)
def test_an_upload_told_after_a_read_found_the_asset_gone_has_it_read_unless_it_is_clearly_older(
    seen_at: int, changed: dict[str, Any], read: bool
) -> None:
    fakes = given_tagged()
    state = fakes.store.items["a1"]
    gone = replace(state, status="gone", final_at=GONE_AT, decided="")
    fakes.store.items["a1"] = replace(gone, **changed)
    fakes.cloudinary.fails = [Retryable("503")]
    handle(fakes.deps, upload(resource("a1", GUITARIST), seen_at, "d2"), fakes.remaining)

    assert len(fakes.cloudinary.reads) == read
    if read:
        assert fakes.store.items["a1"].poll is not None
    else:
        assert fakes.telemetry.counts["Stale"] == 1 and fakes.store.items["a1"].poll == changed.get("poll")


def test_an_upload_that_is_clearly_younger_is_decided_on_without_a_read() -> None:
    fakes = given_tagged()
    fakes.cloudinary.assets.clear()
    handle(fakes.deps, hint(), fakes.remaining)
    assert fakes.outcomes() == ["tagged", "gone"]
    fakes.clock.advance(3600)
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    handle(fakes.deps, upload(resource("a1", GUITARIST), fakes.clock.now(), "d2"), fakes.remaining)

    assert len(fakes.cloudinary.reads) == 1 and fakes.store.items["a1"].status == "tagged"


def test_what_a_hint_says_keeps_a_waiting_asset_s_deadline() -> None:
    fakes = Fakes()
    fakes.limits.hints = 0
    handle(fakes.deps, upload(resource("a1", status="pending")), fakes.remaining)
    waits = fakes.store.items["a1"].poll
    handle(fakes.deps, hint(removed=("Cat",)), fakes.remaining)
    fakes.clock.advance(1)
    handle(fakes.deps, upload(resource("a1", status="pending"), START + MINUTE, "d2"), fakes.remaining)

    assert fakes.store.items["a1"].poll == waits and fakes.store.items["a1"].claims


def test_an_upload_of_an_older_version_told_late_has_nothing_read() -> None:
    fakes = given_tagged()
    handle(fakes.deps, upload(resource("a1", GUITARIST, version=99), fakes.clock.now(), "d0"), fakes.remaining)

    assert fakes.cloudinary.reads == [] and fakes.telemetry.counts["Stale"] == 1


def test_an_asset_that_comes_back_is_read_for_what_hints_say_of_it() -> None:
    fakes = given_tagged()
    fakes.cloudinary.assets.clear()
    handle(fakes.deps, hint(removed=("Guitar",)), fakes.remaining)
    fakes.clock.advance(3600)
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST, tags=("People",))
    back = upload(resource("a1", GUITARIST, tags=("People",)), fakes.clock.now(), "d2")
    handle(fakes.deps, back, fakes.remaining)
    assert fakes.store.items["a1"].claims and fakes.store.items["a1"].poll is not None
    come_to_rest(fakes)

    assert fakes.cloudinary.tags("a1") == {"People"} and not fakes.store.items["a1"].claims
