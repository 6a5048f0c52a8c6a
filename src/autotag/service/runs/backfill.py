"""Backfill: assets that Cloudinary has and this service never saw are listed, read within the budget, and decided on.

If it categorizes, it also takes known assets without labels of a provider that the rules use; if it detects, those
without labels of Rekognition.
"""

from collections.abc import Mapping, Sequence

from autotag.domain.decisions.evaluate import skipped_by
from autotag.domain.errors import CredentialsRefused, Invalid, Missing, NotUnderstood, Permanent, Retryable
from autotag.domain.model.asset import parse_ref
from autotag.domain.model.audit import Trigger, trigger_of
from autotag.domain.model.labels import ADDONS, Categorization, can_label
from autotag.domain.model.messages import READ, LabelsObserved, MessageOrigin
from autotag.domain.notifications.parse import parse_resource
from autotag.domain.runs.progress import Counts
from autotag.domain.runs.run import Run
from autotag.service.context import RUN_SECONDS, Dependencies, Remaining
from autotag.service.runs.ending import end_if_through
from autotag.service.tagging.cloudinary_calls import read_asset, time_left, trip
from autotag.service.tagging.observe import record_observation

_PAGE = 500
_READ_PAGE = 20
"""Assets in a page of which each is only read: if the time is up before its end, the whole page is read again."""
_SEGMENT = "0"


def backfill(deps: Dependencies, run_id: str, remaining: Remaining) -> None:
    """Advance a backfill until it is complete, the time is up, or the budget asks to wait; then the run waits."""
    until = deps.clock.now() + round(remaining() * 1000)  # if this process dies, the lock ends with its time
    if not deps.runs.hold(run_id, deps.clock.now(), until):
        return  # two processes at one page would both read, count and pay for its assets
    _advance(deps, run_id, remaining)
    deps.runs.release(run_id, until)


def _advance(deps: Dependencies, run_id: str, remaining: Remaining) -> None:
    run = deps.runs.load(run_id)
    if run is not None and run.listing.detect and (reason := _why_not(deps)):
        deps.runs.stop(run_id, "paused", reason, deps.clock.now())
        return
    try:
        while (
            run is not None
            and run.status == "running"
            and run.segments[_SEGMENT].cursor is not None
            and remaining() > RUN_SECONDS
        ):
            if not _page(deps, run, remaining):
                return
            run = deps.runs.load(run_id)
    except (Permanent, Missing, Invalid) as error:  # such as an expired cursor or a refused prefix
        deps.runs.stop(run_id, "paused", f"Cloudinary's list cannot be read: {error}", deps.clock.now())
        return
    except Retryable as error:
        delay = 60.0 if error.delay is None else error.delay
        deps.telemetry.info("run_deferred", run=run_id, seconds=round(delay), fault=str(error))
        deps.runs.postpone(run_id, deps.clock.now() + round(delay * 1000))
        return
    end_if_through(deps.runs, run_id, deps.clock.now())


def _page(deps: Dependencies, run: Run, remaining: Remaining) -> bool:
    """Process one page of Cloudinary's list; return False if the time was up before its end.

    When a page is processed again, the assets that were already read are known.
    """
    listed, cursor = _listed(deps, run, remaining)
    seen = planned = units = 0
    for entry in listed:
        if remaining() < RUN_SECONDS:
            return False
        seen += 1
        if not _is_wanted(deps, run, entry):
            continue
        if run.dry_run:
            planned += 1
            units += run.listing.detect or (run.listing.categorize and _would_categorize(deps, run, entry, remaining))
        elif not _take(deps, run, entry, remaining):
            return False
    return deps.runs.planned(run, _SEGMENT, cursor, (), Counts(seen=seen, planned=planned, units=units))


def _listed(deps: Dependencies, run: Run, remaining: Remaining) -> tuple[list[dict[str, object]], str | None]:
    now = deps.clock.now()
    deps.breaker.check(now, "admin")
    deps.budget.reserve(now, share="spare")
    deps.telemetry.count("AdminCalls")
    deps.runs.count(run.id, Counts(reads=1))
    try:
        size = _READ_PAGE if run.dry_run and run.listing.categorize else _PAGE
        return deps.cloudinary.listed(run.listing, run.segments[_SEGMENT].cursor or "", size, time_left(remaining))
    except CredentialsRefused as error:
        trip(deps, now, error)
        raise


def _is_wanted(deps: Dependencies, run: Run, entry: dict[str, object]) -> bool:
    """Whether an asset was never seen, was overwritten since, or is to be categorized and seems to have no labels."""
    try:
        ref = parse_ref(entry)
    except Invalid as error:
        deps.telemetry.warn("invalid_listing", fault=str(error))
        return False
    state = deps.store.load(ref.asset_id)
    if run.listing.detect:
        from autotag.service.runs.backfill_detect import is_open  # only where Rekognition is asked

        return is_open(deps, ref, state)
    if state is None or not state.asset.public_id or ref.version > state.asset.version:
        return True
    waits = state.poll is not None  # until its deadline the poller reads it; after that this read may find labels
    return run.listing.categorize and not waits and not _has_labels(deps, state.categorizations)


def _has_labels(deps: Dependencies, found: Mapping[str, Categorization]) -> bool:
    """Whether a provider that the rules use has labeled an asset, even with an empty list of labels."""
    return any(p in found and found[p].status == "complete" for p in _providers(deps))


def _add_on_for(deps: Dependencies, found: LabelsObserved) -> str | None:
    """Return the add-on that a unit is worth spending on: the first of the rules that looks at assets of this type.

    None if labels are there or pending, which were paid for already, or if a rule skips the asset.
    """
    there, ruleset = found.categorizations, deps.rules.active().ruleset
    if any(p in there and there[p].status in ("complete", "pending") for p in ruleset.providers):
        return None
    state = deps.store.load(found.asset.asset_id)
    type_, managed_tags = found.asset.resource_type, state.managed_tags if state else ()
    if found.facts is not None and skipped_by(found.facts, type_, managed_tags, ruleset):
        return None
    add_ons = (name for name in ruleset.providers if name in ADDONS)
    return next((name for name in add_ons if can_label(name, found.asset.resource_type)), None)


def _providers(deps: Dependencies) -> Sequence[str]:
    return deps.rules.active().ruleset.providers


def _would_categorize(deps: Dependencies, run: Run, entry: dict[str, object], remaining: Remaining) -> bool:
    """Read an asset, since lists do not show labels; return whether a unit would be spent on it."""
    try:
        found = read_asset(deps, str(entry["asset_id"]), remaining, share="spare")
        deps.runs.count(run.id, Counts(reads=1))
    except (Missing, Permanent, NotUnderstood):
        return False
    return _add_on_for(deps, found) is not None


def _take(deps: Dependencies, run: Run, entry: dict[str, object], remaining: Remaining) -> bool:
    """Read an asset and decide on it; return False if the run was stopped because its units are used up."""
    asset_id = str(entry["asset_id"])
    trigger = trigger_of("backfill", MessageOrigin("", "", run.id))
    if run.listing.detect:
        return _detect(deps, run, entry, trigger, remaining)
    try:
        found = read_asset(deps, asset_id, remaining, share="spare")
        deps.runs.count(run.id, Counts(reads=1))
        add_on = _add_on_for(deps, found) if run.listing.categorize else None
        if add_on is not None:
            if not deps.runs.spend(run, 1, 1):
                why = f"all of its {run.listing.max_units} units are used"
                deps.runs.stop(run.id, "paused", why, deps.clock.now())
                return False
            found = _categorized(deps, found, add_on, remaining)
    except Missing:
        return True  # deleted since it was listed
    except (Permanent, NotUnderstood) as error:
        deps.telemetry.warn("not_backfilled", asset_id=asset_id, fault=str(error))
        deps.runs.count(run.id, Counts(planned=1, failed=1))
        return True
    record_observation(deps, found, trigger, remaining)
    deps.runs.count(run.id, Counts(planned=1, done=1))
    return True


def _why_not(deps: Dependencies) -> str:
    from autotag.service.runs.backfill_detect import why_not  # only where Rekognition is asked

    return why_not(deps)


def _detect(deps: Dependencies, run: Run, entry: dict[str, object], trigger: Trigger, remaining: Remaining) -> bool:
    """Have Rekognition asked about an asset; return False if the run was stopped because its units are used up."""
    from autotag.service.runs.backfill_detect import Unit, ask_about_known, is_asked_after_read

    ref, unit = parse_ref(entry), Unit(deps, run)
    step = ask_about_known(deps, unit, ref, trigger, remaining)
    try:
        if step == "read":
            found = read_asset(deps, ref.asset_id, remaining, share="spare")
            deps.runs.count(run.id, Counts(reads=1))
            asks = is_asked_after_read(deps, found)
            if asks and not unit.spend():
                step = "spent"
            else:
                if not asks:
                    unit.give_back()
                record_observation(deps, found, trigger, remaining, ask_again=asks)
    except Missing:
        return True  # deleted since it was listed
    except (Permanent, NotUnderstood) as error:
        deps.telemetry.warn("not_backfilled", asset_id=ref.asset_id, fault=str(error))
        deps.runs.count(run.id, Counts(planned=1, failed=1))
        return True
    if step == "spent":
        deps.runs.stop(run.id, "paused", f"all of its {run.listing.max_units} units are used", deps.clock.now())
        return False
    deps.runs.count(run.id, Counts(planned=1, done=1))
    return True


def _categorized(deps: Dependencies, found: LabelsObserved, add_on: str, remaining: Remaining) -> LabelsObserved:
    """Have the add-on categorize an asset; the response has the labels, or says that they are pending."""
    now = deps.clock.now()
    deps.breaker.check(now, "upload")
    try:
        body = deps.cloudinary.categorize(found.asset, add_on, time_left(remaining))
    except CredentialsRefused as error:
        trip(deps, now, error)
        raise
    return parse_resource(body, now, READ)
