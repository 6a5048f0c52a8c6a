"""What is observed of an asset beside an open intent, and when the account's preference on overwrites matters."""

from typing import Any

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Retryable
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, resource, upload
from tests.unit.service.settle import check, come_to_rest

LATER = START + 60_000


def opened() -> Fakes:
    """An asset whose tags could not be written, so that its intent is open."""
    fakes = Fakes()
    fakes.clock.step = 0
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    fakes.cloudinary.fails = [Retryable("503")]
    handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)
    assert fakes.store.items["a1"].intent is not None
    fakes.telemetry.counts.clear()
    return fakes


def due_in(fakes: Fakes, milliseconds: int) -> None:
    state = fakes.store.items["a1"]
    assert state.intent is not None
    intent = replace(state.intent, due_at=fakes.clock.time + milliseconds)
    fakes.store.items["a1"] = replace(state, intent=intent)


@pytest.mark.parametrize("late", [0, 1])
def test_an_intent_that_is_due_is_finished_before_what_is_observed_is_decided_on(late: int) -> None:
    fakes = opened()
    due_in(fakes, -late)
    handle(fakes.deps, upload(resource("a1", {"Dog": 0.95}), LATER, "d2"), fakes.remaining)
    state = fakes.store.items["a1"]

    assert (state.intent, state.dirty) == (None, None)
    assert fakes.cloudinary.tags("a1") == set(state.managed_tags) == {"Dog"}
    assert fakes.telemetry.counts["Decided"] == 2


def test_what_is_observed_beside_an_intent_that_is_not_due_is_left_to_its_owner() -> None:
    fakes = opened()
    due_in(fakes, 1)
    handle(fakes.deps, upload(resource("a1", {"Dog": 0.95}), LATER, "d2"), fakes.remaining)
    state = fakes.store.items["a1"]

    assert state.intent is not None and state.dirty is not None and state.dirty.digest == "d2"
    assert fakes.cloudinary.tags("a1") == set()


def test_what_says_nothing_new_beside_an_open_intent_is_a_duplicate_and_written_nowhere() -> None:
    fakes = opened()
    before = fakes.store.items["a1"]
    handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)

    assert fakes.store.items["a1"] == before and fakes.telemetry.counts == {"Duplicate": 1}


def test_where_another_was_quicker_beside_an_open_intent_it_is_tried_again() -> None:
    fakes = opened()

    def be_quicker() -> None:
        state = fakes.store.items["a1"]
        fakes.store.before_put = lambda: None
        fakes.store.items["a1"] = replace(state, rev=state.rev + 1)

    fakes.store.before_put = be_quicker
    handle(fakes.deps, upload(resource("a1", {"Dog": 0.95}), LATER, "d2"), fakes.remaining)
    assert fakes.store.items["a1"].dirty is not None
    fakes.clock.step = 1
    come_to_rest(fakes)

    assert fakes.cloudinary.tags("a1") == {"Dog"}
    check(fakes)


@pytest.mark.parametrize(
    ("version", "fields", "asked"),
    [
        (100, {}, 0),
        (101, {}, 1),
        (100, {"facts": None}, 1),
        (100, {"before": ("press",)}, 1),
        (100, {"facts": None, "before": ("press",)}, 1),
    ],
    ids=["a known version", "a newer version", "no facts known", "tags of before known", "neither"],
)
def test_how_the_account_overwrites_is_asked_only_where_an_overwrite_may_be_told_of(
    version: int, fields: dict[str, Any], asked: int
) -> None:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)
    assert fakes.cloudinary.asked_keeps == 0, "there was nothing to overwrite"
    fakes.store.items["a1"] = replace(fakes.store.items["a1"], **fields)
    handle(fakes.deps, upload(resource("a1", GUITARIST, version=version), LATER, "d2"), fakes.remaining)

    assert bool(fakes.cloudinary.asked_keeps) is bool(asked)
