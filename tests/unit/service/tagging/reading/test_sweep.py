"""The poller's minute: one asset that cannot be read never keeps the others waiting."""

from typing import Any

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Permanent
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.minute import a_minute
from tests.fakes.samples import GUITARIST, resource, upload


@pytest.fixture
def fakes() -> Fakes:
    """Three assets whose labels are still to come, and by now due to be read."""
    fakes = Fakes()
    for asset_id in ("a1", "a2", "a3"):
        handle(fakes.deps, upload(resource(asset_id, status="pending")), fakes.remaining)
        fakes.cloudinary.assets[asset_id] = resource(asset_id, GUITARIST)
        fakes.clock.advance(1)
    fakes.clock.advance(120)
    return fakes


def test_what_is_due_is_read_and_tagged(fakes: Fakes) -> None:
    a_minute(fakes)
    assert fakes.outcomes() == ["tagged"] * 3


def test_an_asset_that_cloudinary_refuses_to_show_keeps_nobody_waiting(fakes: Fakes) -> None:
    fakes.cloudinary.fails.append(Permanent("Cloudinary answered 400: no"))
    a_minute(fakes)
    assert fakes.outcomes() == ["tagged"] * 2
    assert fakes.store.items["a1"].poll is not None  # and it is looked at again


@pytest.mark.parametrize("change", [{"version": None}, {"public_id": ""}, {"asset_id": "../x"}, {"type": 7}])
def test_an_answer_that_cannot_be_understood_keeps_nobody_waiting(fakes: Fakes, change: dict[str, Any]) -> None:
    fakes.cloudinary.assets["a1"] |= change
    a_minute(fakes)
    assert fakes.outcomes() == ["tagged"] * 2
    assert fakes.store.items["a1"].poll is not None


def test_tags_that_an_overwrite_cleared_were_not_removed_by_a_person(fakes: Fakes) -> None:
    a_minute(fakes)
    assert fakes.cloudinary.tags("a1") == {"People", "Guitar"}
    overwritten = resource("a1", GUITARIST, version=200)
    fakes.cloudinary.assets["a1"] = overwritten
    pending = upload(resource("a1", status="pending", version=200), observed_at=fakes.clock.now(), digest="d2")
    handle(fakes.deps, pending, fakes.remaining)
    fakes.clock.advance(120)
    a_minute(fakes)
    assert fakes.cloudinary.tags("a1") == {"People", "Guitar"}
    assert fakes.store.items["a1"].people == {}


def test_labels_that_come_before_their_upload_are_decided_on_what_the_asset_is_now(fakes: Fakes) -> None:
    """The new version lost its tags and moved to a folder with other rules; only its labels are notified yet."""
    a_minute(fakes)
    moved = resource("a1", GUITARIST, version=200, public_id="zoo/a1")
    fakes.cloudinary.assets["a1"] = moved
    labels = replace(upload(moved, observed_at=fakes.clock.now(), digest="d2"), facts=None)
    handle(fakes.deps, labels, fakes.remaining)
    handle(fakes.deps, upload(moved, observed_at=fakes.clock.now(), digest="d3"), fakes.remaining)
    assert fakes.cloudinary.tags("a1") == {"People"}
