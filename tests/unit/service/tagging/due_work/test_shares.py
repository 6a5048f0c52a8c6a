"""Intents, reads and runs each have a share of the poller's minute, whatever else is due."""

import pytest

from autotag.domain.errors import Retryable
from autotag.domain.model.messages import MessageOrigin, RefetchAsset
from autotag.service.worker import handle
from tests.fakes.samples import resource
from tests.unit.service.runs.run_library import NEW, Library, pages_of
from tests.unit.service.tagging.due_work.left_intents import leave_intents, leave_polls
from tests.unit.service.tagging.due_work.timed_minute import TimedMinute

MANY = 1000
HAND_OVER, READS, RUNS = 10.0, 15.0, 15.0
"""Seconds of the minute that each has, at the most or at the least (``autotag.service.poller``)."""


@pytest.fixture
def library() -> Library:
    """Assets for which other rules now hold; a thousand intents and a thousand reads are due."""
    library = Library(40)
    leave_intents(library.fakes, MANY)
    leave_polls(library.fakes, MANY)
    library.fakes.rules.use(NEW, 1)
    return library


def sent(library: Library) -> int:
    return len(library.fakes.due_queue.messages)


def test_reads_have_their_share_where_a_thousand_intents_are_due(library: Library) -> None:
    minute = TimedMinute(library)
    minute.run()
    assert sent(library) == MANY and minute.handed_over <= HAND_OVER
    one = (minute.read - minute.handed_over) / len(library.fakes.cloudinary.reads)
    assert len(library.fakes.cloudinary.reads) * one >= 2 * READS  # no run is due: they have its share, too
    decided = [audit.outcome for audit in library.fakes.audits.records.values() if audit.trigger.kind == "poll"]
    assert decided == ["tagged"] * len(library.fakes.cloudinary.reads) and len(decided) > 80


def test_runs_have_their_share_where_a_thousand_intents_and_a_thousand_reads_are_due(library: Library) -> None:
    run_id, minute = library.run(), TimedMinute(library)
    minute.run()
    assert sent(library) == MANY
    assert minute.read - minute.handed_over >= READS and minute.read <= 60 - RUNS - 5
    assert len(library.fakes.cloudinary.reads) > 50
    assert pages_of(library.run_of(run_id)) > 0


def test_hints_have_their_share_where_a_thousand_reads_are_due(library: Library) -> None:
    message = RefetchAsset("hinted", library.fakes.clock.now(), MessageOrigin("upload", "h"))
    library.fakes.cloudinary.assets["hinted"] = resource("hinted")
    library.fakes.cloudinary.fails = [Retryable("503")]
    handle(library.fakes.deps, message, library.fakes.remaining)
    library.fakes.clock.advance(3600)
    TimedMinute(library).run()
    assert "hinted" in library.fakes.cloudinary.reads[1:] and len(library.fakes.cloudinary.reads) > 50


def test_with_a_cloudinary_that_takes_ten_seconds_to_fail_reads_and_runs_still_have_theirs(library: Library) -> None:
    run_id, minute = library.run(), TimedMinute(library, 10.0, fails=True)
    minute.run()
    assert sent(library) == MANY  # workers try them, side by side and not here
    assert 2 <= 10_000 - library.fakes.limits.left <= 4  # as many as there is time for
    assert pages_of(library.run_of(run_id)) > 0 and minute.runs < 60


def test_where_nothing_else_is_due_a_run_has_the_whole_minute() -> None:
    library = Library(40)
    library.fakes.rules.use(NEW, 1)
    run_id, minute = library.run(), TimedMinute(library)
    minute.run()
    assert pages_of(library.run_of(run_id)) > 0 and minute.read == minute.handed_over == 0.0


def test_a_hand_over_that_takes_long_ends_where_the_share_of_reads_begins(library: Library) -> None:
    minute = TimedMinute(library, sqs=0.5)
    minute.run()
    assert HAND_OVER <= minute.handed_over < HAND_OVER + 16 * 0.5 + 0.5
    assert 0 < sent(library) < MANY and len(library.fakes.cloudinary.reads) > 50
