"""No asset waits for Rekognition in vain where it was turned off, and no claim behind a read that cannot be made."""

import pytest
from msgspec.structs import replace

from autotag.domain.detection.budget import day_of
from autotag.domain.errors import Retryable
from autotag.domain.model.messages import MessageOrigin, RefetchAsset
from autotag.domain.state.due_entry import SHARDS, index_entry
from autotag.service.poller import run_minute
from autotag.service.worker import handle
from tests.fakes.runs import FakeBulkQueue
from tests.fakes.runtime import in_turn
from tests.fakes.samples import resource
from tests.unit.service.detection.detecting import RULES, Detecting

BOTH = '[defaults]\nproviders = ["aws_rek_tagging", "rekognition"]\n'
HOUR = 60
NAMES = [f"a{n}" for n in range(20)]


def entry_of(world: Detecting) -> str:
    entry = index_entry(world.state())
    return entry[0] if entry else ""


def minutes(world: Detecting, count: int, apart: int = 60) -> None:
    """Let the poller run so many times, so many seconds ``apart``, and workers answer what it sends."""
    for _ in range(count):
        world.clock.advance(apart)
        run_minute(world.deps, world.planner(FakeBulkQueue(world.effects)), world.due_queue, in_turn, lambda: 60.0)
        for message in tuple(world.rekognition.messages):
            world.asked(message.asset_id)
        world.rekognition.messages.clear()


def turned_off(rules: str = RULES, *, status: str = "none") -> Detecting:
    """Return a world in which an asset waits for the next day's calls, and Rekognition was turned off since."""
    world = Detecting(rules, cap=0)
    world.uploaded(status=status)
    world.asked()
    world.rekognition.messages.clear()
    world.deps = replace(world.deps, detection=None)
    return world


def test_where_it_is_turned_off_what_waits_for_it_alone_is_decided_on_before_the_next_day() -> None:
    world = turned_off()
    minutes(world, SHARDS)
    assert (world.outcomes(), world.state().status, index_entry(world.state())) == (["skipped"], "skipped", None)


def test_where_it_is_turned_off_an_asset_that_waits_for_an_add_on_as_well_is_read_and_tagged() -> None:
    world = Detecting(BOTH, cap=0)
    world.uploaded(status="pending")
    world.asked()
    while entry_of(world) != "DETECT":  # the next read is due later than the claim
        minutes(world, 1, apart=600)
    world.deps = replace(world.deps, detection=None)
    world.cloudinary.assets["a1"] = resource("a1", {"Stage": 0.9})
    minutes(world, HOUR + SHARDS)  # the next read is due within an hour
    assert (world.outcomes(), world.cloudinary.tags("a1"), world.state().detect) == (["tagged"], {"Stage"}, None)


def test_where_it_is_turned_off_a_claim_that_nobody_has_taken_is_ended_within_a_minute_for_each_partition() -> None:
    world = Detecting()
    world.uploaded()
    world.rekognition.messages.clear()
    world.deps = replace(world.deps, detection=None)
    minutes(world, SHARDS)
    assert (world.outcomes(), world.rekognition.calls) == (["skipped"], [])


def test_a_message_that_is_left_in_the_queue_ends_the_wait_at_once_but_no_call_that_is_under_way() -> None:
    world = Detecting()
    world.uploaded()
    on = world.deps

    def turned_off_meanwhile() -> None:
        world.deps = replace(on, detection=None)
        assert world.asked() is None
        assert world.state().detect is not None

    world.rekognition.while_asked = turned_off_meanwhile
    world.asked()
    assert world.outcomes() == ["tagged"]
    world.deps = on
    world.uploaded("a2")
    world.deps = replace(on, detection=None)
    assert (world.asked("a2"), world.outcomes()) == (None, ["tagged", "skipped"])


def test_an_asset_whose_wait_cannot_be_ended_does_not_keep_the_others_and_is_tried_again() -> None:
    world = turned_off()
    failures = [Retryable("DynamoDB: ThrottlingException")]

    def failing() -> None:
        if failures:
            raise failures.pop()

    world.store.before_put = failing
    minutes(world, SHARDS)
    assert (world.outcomes(), failures) == ([], [])
    minutes(world, SHARDS)
    assert world.outcomes() == ["skipped"]


@pytest.mark.parametrize("hinted", [True, False])
def test_a_claim_is_not_hidden_by_a_read_that_finds_no_budget(hinted: bool) -> None:
    world = capped(RULES, "none") if hinted else capped(BOTH, "pending")
    world.limits.hints, world.limits.left = 0, 0
    for name in NAMES if hinted else ():
        hint = RefetchAsset(name, world.clock.now(), MessageOrigin("upload", name))
        handle(world.deps, hint, world.remaining)
    world.rekognition.cap = 100
    before = day_of(world.clock.now())
    while day_of(world.clock.now()) == before:
        minutes(world, 1, apart=600)
    minutes(world, 7, apart=600)  # spread over an hour, and one turn to hand over
    assert [name for name in NAMES if world.state(name).detect is not None] == []
    assert len(world.rekognition.calls) == len(NAMES)


def capped(rules: str, status: str) -> Detecting:
    """Return a world in which images wait for the next day's calls."""
    world = Detecting(rules, cap=0)
    for name in NAMES:
        world.uploaded(name, status=status)
        world.asked(name)
    world.rekognition.messages.clear()
    return world
