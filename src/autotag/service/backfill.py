"""Assets that Cloudinary has and we have never seen: listed, read within the budget, and decided like any other."""

from autotag.domain.asset import parse_ref
from autotag.domain.audit import trigger_of
from autotag.domain.errors import CredentialsRefused, Invalid, Missing, Permanent, Retryable
from autotag.domain.message import READ, Labelled, Source
from autotag.domain.notification import parse_resource
from autotag.domain.run import Counts, Run
from autotag.service.cloud import read_asset, time_left, trip
from autotag.service.observe import observe
from autotag.service.world import Remaining, World

_PAGE = 500
_ENOUGH = 20.0
_SEGMENT = "0"


def backfill(world: World, run_id: str, remaining: Remaining) -> None:
    """Go on with a backfill until it is through, the time is up or the budget says later: then it waits for that."""
    run = world.runs.load(run_id)
    try:
        while run is not None and run.status == "running" and run.cursors and remaining() > _ENOUGH:
            if not _page(world, run, remaining):
                return
            run = world.runs.load(run_id)
    except (Permanent, Missing, Invalid) as error:  # a cursor that has expired, a prefix that is refused
        world.runs.stop(run_id, "paused", f"Cloudinary's list cannot be read: {error}", world.clock.now())
        return
    except Retryable as error:
        delay = 60.0 if error.delay is None else error.delay
        world.telemetry.info("run_waits", run=run_id, seconds=round(delay), fault=str(error))
        world.runs.postpone(run_id, world.clock.now() + round(delay * 1000))
        return
    world.runs.end(run_id, world.clock.now())


def _page(world: World, run: Run, remaining: Remaining) -> bool:
    """Look at one page of what Cloudinary lists; False where the time was up before its end.

    Whoever comes again to a page finds what was read already among what is known.
    """
    listed, cursor = _listed(world, run, remaining)
    seen = planned = 0
    for entry in listed:
        if remaining() < _ENOUGH:
            return False
        seen += 1
        if not _is_new(world, entry):
            continue
        if run.dry_run:
            planned += 1
        elif not _take(world, run, entry, remaining):
            return False
    return world.runs.planned(run, _SEGMENT, cursor, (), Counts(seen=seen, planned=planned))


def _listed(world: World, run: Run, remaining: Remaining) -> tuple[list[dict[str, object]], str | None]:
    now = world.clock.now()
    world.breaker.check(now)
    world.budget.reserve(now, share="spare")
    world.runs.count(run.id, Counts(reads=1))
    try:
        return world.cloudinary.listed(run.listing, run.cursors[_SEGMENT], _PAGE, time_left(remaining))
    except CredentialsRefused as error:
        trip(world, now, error)
        raise


def _is_new(world: World, entry: dict[str, object]) -> bool:
    """Whether an asset was never seen, or has been overwritten since."""
    try:
        ref = parse_ref(entry)
    except Invalid as error:
        world.telemetry.warn("not_listed_properly", fault=str(error))
        return False
    state = world.store.load(ref.asset_id)
    return state is None or not state.asset.public_id or ref.version > state.asset.version


def _take(world: World, run: Run, entry: dict[str, object], remaining: Remaining) -> bool:
    """Read an asset and decide on it; False where the run was stopped since its units are used."""
    asset_id = str(entry["asset_id"])
    try:
        found = read_asset(world, asset_id, remaining, share="spare")
        world.runs.count(run.id, Counts(reads=1))
        if run.listing.categorize and not found.categorizations:
            if not world.runs.spend(run, 1, 1):
                why = f"all of its {run.listing.max_units} units are used"
                world.runs.stop(run.id, "paused", why, world.clock.now())
                return False
            found = _categorized(world, found, remaining)
    except Missing:
        return True  # deleted since it was listed
    except Permanent as error:
        world.telemetry.warn("not_backfilled", asset_id=asset_id, fault=str(error))
        world.runs.count(run.id, Counts(planned=1, failed=1))
        return True
    trigger = trigger_of("backfill", Source("", "", run.id))
    observe(world, found, trigger, remaining)
    world.runs.count(run.id, Counts(planned=1, done=1))
    return True


def _categorized(world: World, found: Labelled, remaining: Remaining) -> Labelled:
    """Let the add-on look at an asset; its answer tells the labels, or that they are pending."""
    now = world.clock.now()
    provider = world.rules.active()[0].providers[0]
    try:
        body = world.cloudinary.categorize(found.asset, provider, time_left(remaining))
    except CredentialsRefused as error:
        trip(world, now, error)
        raise
    return parse_resource(body, now, READ)
