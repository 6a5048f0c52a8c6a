"""Cloudinary does not answer: what is due waits for it without a call, and is done soon after it answers again."""

import pytest

from autotag.adapters.cloudinary.circuit import FAILURES, PAUSE
from autotag.domain.errors import Retryable
from autotag.domain.model.messages import MessageOrigin, RefetchAsset
from autotag.service.worker import handle
from tests.fakes.circuits import SilentCloudinary
from tests.fakes.context import Fakes
from tests.fakes.minute import a_minute
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, resource, upload
from tests.unit.service.settle import check

MINUTE, HOUR = 60, 3600
ASSETS = [f"a{n}" for n in range(40)]


@pytest.fixture
def fakes() -> Fakes:
    return Fakes()


@pytest.fixture
def silent(fakes: Fakes) -> SilentCloudinary:
    return SilentCloudinary(fakes)


def given_uploads(fakes: Fakes, silent: SilentCloudinary, *asset_ids: str, status: str = "complete") -> None:
    for asset_id in asset_ids:
        fakes.cloudinary.assets[asset_id] = resource(asset_id, GUITARIST)
        handle(silent.deps, upload(resource(asset_id, GUITARIST, status=status)), fakes.remaining)


def minutes(fakes: Fakes, silent: SilentCloudinary, count: int) -> None:
    for _ in range(count):
        fakes.clock.advance(MINUTE)
        a_minute(fakes, silent.deps)


@pytest.mark.parametrize("status", ["complete", "pending"])
@pytest.mark.parametrize("hours", [1, 12])
def test_after_an_outage_of_any_length_everything_is_tagged_within_five_minutes(
    fakes: Fakes, silent: SilentCloudinary, status: str, hours: int
) -> None:
    silent.silent = {"upload", "admin"}
    given_uploads(fakes, silent, *ASSETS, status=status)
    minutes(fakes, silent, hours * 60)
    assert fakes.outcomes() == []
    silent.silent = set()
    minutes(fakes, silent, 5)

    assert fakes.outcomes() == ["tagged"] * len(ASSETS)
    check(fakes)


def test_in_an_outage_a_process_calls_once_a_pause_at_most_and_stores_hardly_anything(
    fakes: Fakes, silent: SilentCloudinary
) -> None:
    silent.silent = {"upload", "admin"}
    given_uploads(fakes, silent, *ASSETS[:20])
    given_uploads(fakes, silent, *ASSETS[20:], status="pending")
    minutes(fakes, silent, 5)
    tried, writes, left = len(silent.tried), fakes.effects.done, fakes.limits.left
    minutes(fakes, silent, 60)

    apis, waits = 2, 60 * MINUTE / PAUSE
    assert 60 <= len(silent.tried) - tried <= apis * waits
    assert fakes.effects.done - writes <= 4 * (len(silent.tried) - tried)  # only about what was tried
    assert left - fakes.limits.left == silent.tried[tried:].count("admin")  # no read is paid for that is not made


def test_an_upload_in_an_outage_is_stored_without_a_call(fakes: Fakes, silent: SilentCloudinary) -> None:
    silent.silent = {"upload"}
    given_uploads(fakes, silent, *ASSETS[:3])
    tried = len(silent.tried)
    given_uploads(fakes, silent, *ASSETS[3:])
    assert len(silent.tried) == tried
    intents = [fakes.store.items[asset_id].intent for asset_id in ASSETS]
    assert all(intent is not None and intent.due_at <= fakes.clock.time + 30_000 for intent in intents)


def test_a_hint_in_an_outage_is_stored_with_one_write(fakes: Fakes, silent: SilentCloudinary) -> None:
    silent.silent = {"admin"}
    for n in range(FAILURES + 5):
        writes = fakes.effects.done
        handle(silent.deps, RefetchAsset(f"a{n}", START, MessageOrigin("upload", f"h{n}")), fakes.remaining)
    assert fakes.effects.done == writes + 1 and len(silent.tried) == FAILURES


def test_a_hint_whose_deadline_passes_in_an_outage_is_followed_after_it(fakes: Fakes, silent: SilentCloudinary) -> None:
    silent.silent = {"admin"}
    fakes.cloudinary.assets["a0"] = resource("a0", GUITARIST)
    handle(silent.deps, RefetchAsset("a0", START, MessageOrigin("restore_asset_version", "h")), fakes.remaining)
    for _ in range(60):
        fakes.clock.advance(HOUR - MINUTE)
        minutes(fakes, silent, 1)
    assert fakes.store.items["a0"].poll is not None and "HintsDropped" not in fakes.telemetry.counts
    silent.silent = set()
    minutes(fakes, silent, 5)
    assert fakes.outcomes() == ["tagged"]


def test_an_intent_that_waited_for_hours_is_tried_soon_after_the_first_answer_though_that_is_an_error(
    fakes: Fakes, silent: SilentCloudinary
) -> None:
    silent.silent = {"upload"}
    given_uploads(fakes, silent, "a0")
    minutes(fakes, silent, 60)
    silent.silent = set()
    fakes.cloudinary.fails = [Retryable("503")]
    minutes(fakes, silent, 5)
    assert fakes.outcomes() == ["tagged"]


def test_assets_are_read_while_only_the_calls_that_tag_hang(fakes: Fakes, silent: SilentCloudinary) -> None:
    silent.silent = {"upload"}
    given_uploads(fakes, silent, *ASSETS[:20])
    given_uploads(fakes, silent, *ASSETS[20:], status="pending")
    minutes(fakes, silent, 3)
    assert set(fakes.cloudinary.reads) == set(ASSETS[20:])
    assert all(fakes.store.items[asset_id].intent is not None for asset_id in ASSETS)
    silent.silent = set()
    minutes(fakes, silent, 5)
    assert fakes.outcomes() == ["tagged"] * len(ASSETS)


def test_one_asset_whose_calls_always_hang_keeps_no_other_waiting(fakes: Fakes, silent: SilentCloudinary) -> None:
    silent.hanging = {"a0"}
    given_uploads(fakes, silent, "a0")
    minutes(fakes, silent, 30)
    assert len(silent.tried) > FAILURES
    for asset_id in ASSETS[1:]:
        given_uploads(fakes, silent, asset_id)
        minutes(fakes, silent, 2)
        assert set(fakes.cloudinary.tags(asset_id)) == {"People", "Guitar"}
    assert fakes.cloudinary.tags("a0") == set()
