"""The live flow of an asset whose labels are still to come: it waits, is polled, and times out."""

from autotag.service.tagging.poll import poll
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.minute import a_minute
from tests.fakes.runtime import START
from tests.fakes.samples import upload
from tests.unit.service.worker.cloudinary_asset import given_asset


def test_pending_waits_and_the_completion_ends_it_at_once(fakes: Fakes) -> None:
    body = given_asset(fakes, status="pending")
    handle(fakes.deps, upload(body), fakes.remaining)
    assert fakes.store.items["a1"].status == "pending" and fakes.audits.records == {}

    handle(fakes.deps, upload(given_asset(fakes), observed_at=START + 9000, digest="d2"), fakes.remaining)

    assert fakes.outcomes() == ["tagged"] and fakes.store.items["a1"].poll is None


def test_pending_is_polled_at_1_2_4_8_minutes_and_decided_when_complete(fakes: Fakes) -> None:
    handle(fakes.deps, upload(given_asset(fakes, status="pending")), fakes.remaining)
    reads = []
    for minute in range(1, 17):
        fakes.clock.advance(60)
        before = len(fakes.cloudinary.reads)
        a_minute(fakes)
        if len(fakes.cloudinary.reads) > before:
            reads.append(minute)
    assert reads == [2, 4, 8, 16] or reads == [1, 3, 7, 15]

    given_asset(fakes)
    fakes.clock.advance(3600)
    a_minute(fakes)
    assert fakes.outcomes() == ["tagged"]
    (audit,) = fakes.audits.records.values()
    assert audit.trigger.kind == "poll"


def test_pending_past_the_deadline_is_timed_out_after_one_more_poll(fakes: Fakes) -> None:
    handle(fakes.deps, upload(given_asset(fakes, status="pending")), fakes.remaining)
    fakes.clock.advance(86400 + 1)
    a_minute(fakes)

    assert fakes.cloudinary.reads == ["a1"] and fakes.outcomes() == ["timed_out"]
    assert fakes.store.items["a1"].status == "timed_out" and fakes.store.items["a1"].poll is None


def test_an_asset_deleted_while_pending_is_gone(fakes: Fakes) -> None:
    handle(fakes.deps, upload(given_asset(fakes, status="pending")), fakes.remaining)
    del fakes.cloudinary.assets["a1"]
    fakes.clock.advance(61)
    a_minute(fakes)

    assert fakes.outcomes() == ["gone"] and fakes.store.items["a1"].status == "gone"


def test_an_exhausted_budget_stops_polling_and_keeps_assets_due(fakes: Fakes) -> None:
    handle(fakes.deps, upload(given_asset(fakes, status="pending")), fakes.remaining)
    fakes.limits.left = 0
    fakes.clock.advance(61)
    a_minute(fakes)
    assert fakes.cloudinary.reads == []

    fakes.limits.left = 10
    given_asset(fakes)
    fakes.clock.advance(1801)
    a_minute(fakes)
    assert fakes.outcomes() == ["tagged"]


def test_overlapping_polls_of_one_asset_read_it_once(fakes: Fakes) -> None:
    handle(fakes.deps, upload(given_asset(fakes, status="pending")), fakes.remaining)
    fakes.clock.advance(61)

    def another_poller_is_quicker() -> None:
        fakes.store.before_put = lambda: None
        poll(fakes.deps, "a1", fakes.remaining)

    fakes.store.before_put = another_poller_is_quicker
    poll(fakes.deps, "a1", fakes.remaining)

    assert fakes.cloudinary.reads == ["a1"]
