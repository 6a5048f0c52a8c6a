"""``backfill --detect``: Rekognition is asked about images without labels of it, known ones without a read."""

from collections.abc import Callable

from msgspec.structs import replace

from autotag.domain.detection.claims import wanted
from autotag.domain.errors import Permanent, Unanswered, Undeliverable
from autotag.domain.model.audit import trigger_of
from autotag.domain.model.messages import MessageOrigin
from autotag.domain.runs.run import BackfillSource, Run
from autotag.domain.state.asset_state import AssetState
from autotag.service.runs.backfill import backfill
from autotag.service.worker import handle
from tests.fakes.samples import resource, upload
from tests.unit.service.detection.detecting import RULES, Detecting

RUN = "1" * 32


def detected(world: Detecting, *, units: int = 100, dry_run: bool = False) -> Run:
    """Run a backfill to its end, and let workers answer what it asks; return the run."""
    listing = BackfillSource(max_units=0 if dry_run else units, detect=True)
    world.runs.create(Run(RUN, "backfill", "me", world.clock.now(), listing=listing, dry_run=dry_run))
    backfill(world.deps, RUN, world.remaining)
    world.clock.advance(91)
    world.swept()
    run = world.runs.load(RUN)
    assert run is not None
    return run


def known_before(count: int) -> Detecting:
    """Return a world that knows images from before the rules named Rekognition."""
    world = Detecting("[defaults]\nthreshold = 0.7\n")
    for n in range(count):
        world.uploaded(f"a{n}")
    world.rules.use(RULES, 2)
    return world


def test_known_images_are_asked_about_without_a_read() -> None:
    world = known_before(3)
    run = detected(world)
    assert (run.status, run.counts.done, run.counts.units) == ("done", 3, 3)
    assert (len(world.rekognition.calls), world.cloudinary.reads) == (3, [])
    assert all(world.cloudinary.tags(f"a{n}") == {"Guitar"} for n in range(3))


def test_images_that_were_never_seen_are_read_and_asked_about() -> None:
    world = Detecting()
    world.cloudinary.assets["a1"] = resource(status="none")
    run = detected(world)
    assert (run.counts.units, world.cloudinary.reads, len(world.rekognition.calls)) == (1, ["a1"], 1)
    assert world.outcomes() == ["tagged"]


def test_units_that_are_used_up_pause_it() -> None:
    world = known_before(3)
    run = detected(world, units=2)
    assert (run.status, run.why, len(world.rekognition.calls)) == ("paused", "all of its 2 units are used", 2)


def test_what_has_labels_or_waits_for_them_is_not_asked_about_again() -> None:
    world = Detecting()
    world.uploaded("a1")
    world.asked("a1")
    world.uploaded("a2")
    run = detected(world)
    assert (run.counts.units, world.rekognition.calls) == (0, ["a1 v100", "a2 v100"])


def refused_by_cloudinary(times: int) -> Detecting:
    """Return a world in which the pictures of two assets are refused so often in all."""
    world = Detecting()
    for asset_id in ("a1", "a2"):
        world.uploaded(asset_id)
    world.rekognition.undelivered = [Undeliverable("Cloudinary's delivery answered 401") for _ in range(times)]
    world.asked("a1")
    world.asked("a2")
    return world


def test_what_failed_is_asked_about_once_a_setting_was_repaired_and_what_fails_again_is_audited_again() -> None:
    world = refused_by_cloudinary(3)
    run = detected(world)
    assert (run.counts.units, len(world.rekognition.calls)) == (2, 1)
    assert sorted(world.outcomes()) == ["failed", "failed", "failed", "tagged"]
    assert sorted(world.state(asset_id).status for asset_id in ("a1", "a2")) == ["failed", "tagged"]


def test_a_dry_run_counts_what_failed() -> None:
    assert detected(refused_by_cloudinary(2), dry_run=True).counts.planned == 2


def test_a_picture_that_rekognition_refused_and_one_asked_about_twice_are_not_asked_about_again() -> None:
    world = Detecting()
    world.uploaded("a1")
    world.rekognition.fails = [Permanent("InvalidImageFormatException: no")]
    world.asked("a1")
    world.uploaded("a2")
    world.rekognition.fails = [Unanswered("ReadTimeoutError"), Unanswered("ReadTimeoutError")]
    for _ in range(3):
        world.clock.advance(world.asked("a2") or 0)
    assert world.outcomes() == ["failed", "failed"]
    run = detected(world)
    assert (run.counts.units, world.rekognition.calls, sum(world.rekognition.used.values())) == (0, [], 3)


def test_a_call_whose_answer_was_lost_counts_when_a_failure_is_asked_about_again() -> None:
    world = Detecting()
    world.uploaded("a1")
    world.rekognition.fails = [Unanswered("ReadTimeoutError")]
    world.clock.advance(world.asked("a1") or 0)
    world.rekognition.undelivered = [Undeliverable("Cloudinary's delivery answered 401")]
    world.asked("a1")
    world.rekognition.fails = [Unanswered("ReadTimeoutError"), Unanswered("ReadTimeoutError")]
    detected(world)
    for _ in range(5):
        world.clock.advance(300)
        world.swept()
    assert world.rekognition.fails  # two calls may have been paid for, and there was no third
    assert world.outcomes() == ["failed", "failed"]


def test_a_notification_of_a_version_that_failed_asks_nothing() -> None:
    world = Detecting()
    world.uploaded("a1")
    world.rekognition.undelivered = [Undeliverable("Cloudinary's delivery answered 401")]
    world.asked("a1")
    world.uploaded("a1", tags=("hand",))
    assert (world.state("a1").detect, len(world.rekognition.messages)) == (None, 1)


def other_writer(world: Detecting, times: int, write: Callable[[AssetState], AssetState]) -> None:
    """Let another process write first, before each of so many of the writes to come."""
    left = [times]

    def first() -> None:
        if left[0]:
            left[0] -= 1
            world.store.items["a0"] = write(world.store.items["a0"])

    world.store.before_put = first


def test_a_lost_write_spends_no_second_unit() -> None:
    world = known_before(1)
    other_writer(world, 2, lambda state: replace(state, rev=state.rev + 1))
    run = detected(world, units=1)
    assert (run.status, run.counts.units, len(world.rekognition.calls)) == ("done", 1, 1)


def test_where_another_process_has_asked_meanwhile_the_unit_is_given_back() -> None:
    world = known_before(1)
    trigger = trigger_of("backfill", MessageOrigin("", "", "other"))
    other_writer(world, 1, lambda state: replace(wanted(state, trigger, world.clock.now()), rev=state.rev + 1))
    run = detected(world)
    assert (run.status, run.counts.units, run.counts.calls, len(world.rekognition.calls)) == ("done", 0, 0, 1)


def test_a_dry_run_counts_and_asks_nothing() -> None:
    world = known_before(3)
    run = detected(world, dry_run=True)
    assert (run.counts.planned, run.counts.units, world.rekognition.calls) == (3, 3, [])


def test_where_it_is_off_or_not_named_the_run_pauses_with_the_reason() -> None:
    off = known_before(1)
    off.deps = replace(off.deps, detection=None)
    assert detected(off).why.startswith("Rekognition is off in this stack")
    unnamed = Detecting("[defaults]\nthreshold = 0.7\n")
    assert detected(unnamed).why == 'the rules do not name the provider "rekognition"'


def test_a_retag_asks_nothing() -> None:
    world = known_before(1)
    handle(world.deps, upload(dict(world.cloudinary.assets["a0"])), world.remaining)
    assert world.rekognition.messages == []
