"""``backfill --detect``: Rekognition is asked about images without labels of it, known ones without a read."""

from msgspec.structs import replace

from autotag.domain.runs.run import BackfillSource, Run
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
