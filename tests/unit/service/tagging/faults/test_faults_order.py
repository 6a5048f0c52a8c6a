"""Twice, out of order, at the same moment: for every point at which another process may come in between."""

from collections.abc import Callable

import pytest

from autotag.domain.model.messages import Message
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.minute import a_minute
from tests.fakes.runtime import START
from tests.fakes.samples import person
from tests.unit.service.settle import check, come_to_rest, decisions
from tests.unit.service.tagging.faults.asset_messages import (
    AGAIN,
    COMPLETED,
    ECHO,
    FIRST,
    NEWER,
    PENDING,
    REMOVED,
    given,
    given_tagged,
)

Work = Callable[[Fakes], None]
"""What one process does."""


def worker(message: Message) -> Work:
    return lambda fakes: handle(fakes.deps, message, fakes.remaining)


def poller(fakes: Fakes) -> None:
    a_minute(fakes)


def poller_after_a_jump(fakes: Fakes) -> None:
    """The poller of a machine whose clock says that every lease has run out."""
    fakes.clock.advance(3600)
    a_minute(fakes)
    fakes.clock.advance(-3600)


def given_pending() -> Fakes:
    """An asset that is due to be read, and whose labels are there by now."""
    fakes = given()
    handle(fakes.deps, PENDING, fakes.remaining)
    fakes.clock.advance(61)
    return fakes


PAIRS: dict[str, tuple[Callable[[], Fakes], Work, Work, int]] = {
    "the same notification": (given, worker(FIRST), worker(FIRST), 1),
    "two notifications of one upload": (given, worker(FIRST), worker(AGAIN), 1),
    "a newer version": (given, worker(FIRST), worker(NEWER), 2),
    "an older version": (given, worker(NEWER), worker(FIRST), 2),
    "completion while it is polled": (given_pending, poller, worker(COMPLETED), 1),
    "a poll while it is completed": (given_pending, worker(COMPLETED), poller, 1),
    "two pollers": (given_pending, poller, poller, 1),
    "a poller that takes the owner for dead": (given, worker(FIRST), poller_after_a_jump, 1),
    "a person": (given, worker(FIRST), worker(REMOVED), 1),
    "a person before": (given, worker(REMOVED), worker(FIRST), 1),
    "our own echo": (given, worker(FIRST), worker(ECHO), 1),
    "a person and a newer version": (given_tagged, worker(NEWER), worker(REMOVED), 2),
}


def effects_of(pair: str) -> int:
    given_world, work, _, _ = PAIRS[pair]
    fakes = given_world()
    before = fakes.effects.done
    work(fakes)
    return fakes.effects.done - before


CASES = [(pair, n) for pair in PAIRS for n in range(effects_of(pair) + 1) if n or pair != "our own echo"]
"""An echo comes after the claim at the earliest."""


@pytest.mark.parametrize(("pair", "number"), CASES)
def test_two_processes_on_one_asset_end_as_one_after_the_other_would(pair: str, number: int) -> None:
    """The second does all of its work just before some effect of the first, or after it."""
    given_world, work, other, most = PAIRS[pair]
    fakes = given_world()
    fakes.effects.meanwhile[fakes.effects.done + number] = lambda: other(fakes)
    work(fakes)
    for left in list(fakes.effects.meanwhile.values()):
        left()
    come_to_rest(fakes)

    check(fakes)
    assert 1 <= len(decisions(fakes)) <= most
    newest = {"People", "Cat"} if "version" in pair else {"People", "Guitar"}
    wanted = newest - ({"Guitar"} if "person" in pair else set())
    assert fakes.cloudinary.tags("a1") == wanted | {"press"}


def test_completion_by_notification_while_the_answer_of_the_poll_is_on_its_way_is_decided_once() -> None:
    fakes = given_pending()
    fakes.cloudinary.before_read = lambda: worker(COMPLETED)(fakes)
    poller(fakes)
    come_to_rest(fakes)

    check(fakes)
    assert [audit.trigger.kind for audit in decisions(fakes)] == ["webhook"]
    assert len(fakes.cloudinary.calls) == 1


def test_a_thousand_duplicates_are_one_call_and_one_audit() -> None:
    fakes = given()
    for n in range(1000):
        handle(fakes.deps, FIRST if n % 2 else AGAIN, fakes.remaining)

    assert len(fakes.cloudinary.calls) == 1 and len(fakes.audits.records) == len(fakes.bus.sent) == 1
    assert fakes.telemetry.counts["Duplicate"] == 999


def test_an_older_version_after_a_newer_changes_nothing() -> None:
    fakes = given()
    for message in (NEWER, FIRST, PENDING, COMPLETED):
        handle(fakes.deps, message, fakes.remaining)

    check(fakes)
    assert fakes.cloudinary.tags("a1") == {"press", "People", "Cat"}
    assert len(decisions(fakes)) == 1 and fakes.telemetry.counts["Stale"] == 3


@pytest.mark.parametrize("by", ["222", ""])
def test_our_own_echo_is_no_persons_doing(by: str) -> None:
    """With the key, the calls are compared with it; without, two that are ours by then stay ours."""
    fakes = given_tagged()
    handle(fakes.deps, person(added=("People", "Guitar"), at=START + 1_000, by=by), fakes.remaining)
    come_to_rest(fakes)

    assert fakes.cloudinary.tags("a1") == {"press", "People", "Guitar"} and len(fakes.cloudinary.calls) == 1
    assert len(fakes.audits.records) == 1 and set(fakes.store.items["a1"].managed_tags) == {"People", "Guitar"}
