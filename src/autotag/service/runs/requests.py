"""Operators' requests about bulk runs: try one out, start it, watch it, stop it, resume it."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from autotag.domain.errors import Conflict, Invalid, Missing
from autotag.domain.model.audit import iso
from autotag.domain.model.response_size import fitting
from autotag.domain.runs.asset_change import PlannedChange
from autotag.domain.runs.run import RATE, SEGMENTS, Asked, BackfillSource, Filter, RevertSelection, Run
from autotag.service.context import Remaining
from autotag.service.runs.advance import advance
from autotag.service.runs.plan import Planner, plan_page

_RunId = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$")]


class _Parameters(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The parameters of a run."""

    action: Asked
    filter: Filter = Filter()
    undo: RevertSelection = RevertSelection()
    listing: BackfillSource = BackfillSource()


class PlanRun(_Parameters, frozen=True, forbid_unknown_fields=True, tag="run_plan", tag_field="op", kw_only=True):
    """A request for a page of what a run would change, without any change; with fewer assets if they do not fit."""

    segment: Annotated[int, Meta(ge=0, lt=SEGMENTS)] = 0
    cursor: Annotated[str, Meta(max_length=1024)] = ""
    limit: Annotated[int, Meta(ge=1, le=500)] = 500


class StartRun(
    _Parameters,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag="run_start",
    tag_field="op",
    kw_only=True,
):
    """A request to start a run. ``dry_run`` of a backfill only counts, also the units that categorizing would use.

    ``run`` is the run's id if the caller has chosen one: the same request starts one run, however often it is sent.
    Once ``max_calls`` calls of Cloudinary's Upload API are made, nothing more is started; 0 is no limit. ``rate`` is
    how many assets a second are changed at most (None: ``RATE``). ``refresh``, of a retag: every asset is read first,
    within the part of the Admin budget that runs may use.
    """

    max_calls: Annotated[int, Meta(ge=0)] = 0
    rate: Annotated[int, Meta(ge=1, le=1000)] | None = None
    dry_run: bool = False
    refresh: bool = False
    run: Annotated[str, Meta(pattern=r"^([0-9a-f]{32})?$")] = ""


class ShowRun(Struct, frozen=True, forbid_unknown_fields=True, tag="run_show", tag_field="op"):
    """A request for the progress of a run; with ``advance``, it is advanced first, as the poller does every minute."""

    run: _RunId
    advance: bool = False


class ListRuns(Struct, frozen=True, forbid_unknown_fields=True, tag="run_list", tag_field="op"):
    """A request for the last runs, the newest first."""


class ControlRun(Struct, frozen=True, forbid_unknown_fields=True, tag="run_control", tag_field="op"):
    """A request to pause a run, cancel it for good, or resume a paused one."""

    run: _RunId
    verb: Literal["pause", "resume", "cancel"]


RunRequest = PlanRun | StartRun | ShowRun | ListRuns | ControlRun


def answer_run_request(
    planner: Planner, request: RunRequest, caller: str, latest: Callable[[], int], remaining: Remaining
) -> dict[str, Any]:
    """Answer one request of ``caller``; ``latest`` returns the number of the rules that were pushed last.

    Raises ``Invalid``, ``Missing``, ``Conflict`` or ``Retryable``.
    """
    match request:
        case PlanRun():
            return _plan(planner, request, caller, latest())
        case StartRun():
            return _start(planner, request, caller, latest())
        case ShowRun():
            return _show(planner, request, remaining)
        case ListRuns():
            return {"runs": [shown(run) for run in planner.runs.recent()]}
        case ControlRun():
            return _control(planner, request, caller)


def shown(run: Run) -> dict[str, Any]:
    """Return a run as commands print it."""
    fields = msgspec.to_builtins(run)
    for name in ("segments", "epoch", "due_at", "free_at", "held_until"):
        del fields[name]
    through = sum(segment.cursor is None for segment in run.segments.values())
    return {
        **fields,
        "created_at": iso(run.created_at),
        "ended_at": iso(run.ended_at) if run.ended_at else None,
        "segments": {"through": through, "of": len(run.segment_names)},
        "under_way": len(run.groups),
    }


def _plan(planner: Planner, request: PlanRun, caller: str, seq: int) -> dict[str, Any]:
    if request.action == "backfill":
        raise Invalid("action", "a backfill is tried out by starting it with dry_run")
    run = _new(planner, request, caller, seq)
    limit = request.limit
    while True:
        planned, seen, cursor = plan_page(planner, run, request.segment, request.cursor, limit)
        assets = [_planned(each) for each in planned]
        if len(fitting(map(msgspec.json.encode, assets))) == len(assets):
            return {"seen": seen, "cursor": cursor, "assets": assets}
        if limit == 1:  # assets that share a name: more than an answer holds
            raise Invalid("filter.assets", "the changes of the assets of one name are too large to show")
        limit //= 2


def _planned(planned: PlannedChange) -> dict[str, Any]:
    difference = planned.change.difference
    add, remove = sorted(difference.add), sorted(difference.remove)
    old_at, new_at = ({tag: place for place, tag in enumerate(tags)} for tags in (remove, add))
    return {
        "asset": planned.state.asset,
        "add": add,
        "remove": remove,
        "review": list(difference.review),
        "renamed": [(old_at[old], new_at[new]) for old, new in difference.renamed],  # places: short answers
    }


def _start(planner: Planner, request: StartRun, caller: str, seq: int) -> dict[str, Any]:
    if request.dry_run and request.action != "backfill":
        raise Invalid("dry_run", f"a {request.action} is tried out with run_plan")
    if request.max_calls and request.action == "backfill":
        raise Invalid("max_calls", "a backfill is limited by the Admin budget and by listing.max_units")
    if request.rate is not None and request.action == "backfill":
        raise Invalid("rate", "a backfill goes as fast as the Admin budget allows")
    if request.refresh and request.action != "retag":
        raise Invalid("refresh", f"a {request.action} reads no assets again")
    if request.listing.categorize and not request.listing.max_units and not request.dry_run:
        raise Invalid("listing.max_units", "expected how many units categorizing may use, since each costs money")
    if request.listing.detect and not request.listing.max_units and not request.dry_run:
        raise Invalid("listing.max_units", "expected how many calls of Rekognition may be made, since each costs money")
    if request.listing.detect and (request.listing.categorize or request.listing.resource_type != "image"):
        raise Invalid("listing.detect", "expected images, and no categorize beside it")
    run = _new(planner, request, caller, seq)
    rate = request.rate or RATE
    run = replace(run, refresh=request.refresh, max_calls=request.max_calls, rate=rate, dry_run=request.dry_run)
    if request.run:
        run = replace(run, id=request.run)
        if (known := planner.runs.load(run.id)) is not None:
            return shown(_same(known, run))
    planner.runs.create(run)
    planner.telemetry.info("run_started", run=run.id, action=run.action, caller=caller)
    return shown(run)


_CHOSEN = ("action", "by", "filter", "undo", "listing", "max_calls", "rate", "dry_run", "refresh")
"""What a caller chooses of a run."""


def _same(known: Run, run: Run) -> Run:
    """Return the run that the same request has started before; raises ``Conflict`` if it was another request."""
    if any(getattr(known, name) != getattr(run, name) for name in _CHOSEN):
        raise Conflict(f"there is another run {run.id} already, expected an id of your own")
    return known


def _new(planner: Planner, request: _Parameters, caller: str, seq: int) -> Run:
    return Run(
        id=planner.clock.unique(),
        action=request.action,
        by=caller,
        created_at=planner.clock.now(),
        filter=request.filter,
        undo=request.undo,
        listing=request.listing,
        rules_seq=seq,
    )


def _show(planner: Planner, request: ShowRun, remaining: Remaining) -> dict[str, Any]:
    run = planner.runs.load(request.run)
    if run is not None and request.advance and run.action != "backfill":  # that one needs Cloudinary's credentials
        run = advance(planner, request.run, remaining)
    if run is None:
        raise Missing(f"there is no run {request.run}")
    return shown(run)


def _control(planner: Planner, request: ControlRun, caller: str) -> dict[str, Any]:
    run = planner.runs.load(request.run)
    if run is None:
        raise Missing(f"there is no run {request.run}")
    if request.verb == "resume":
        done = planner.runs.resume(run)
    else:
        status: Literal["paused", "cancelled"] = "paused" if request.verb == "pause" else "cancelled"
        done = planner.runs.stop(run.id, status, f"by {caller}", planner.clock.now())
    run = planner.runs.load(request.run)
    if not done or run is None:
        raise Conflict(f"the run is {run.status if run else 'gone'}, so you cannot {request.verb} it")
    planner.telemetry.info("run_controlled", run=request.run, verb=request.verb, caller=caller)
    return shown(run)
