"""What operators ask about bulk runs: try one out, start it, watch it, stop it, go on with it."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from autotag.domain.errors import Conflict, Invalid, Missing
from autotag.domain.model.audit import iso
from autotag.domain.model.response_size import fitting
from autotag.domain.runs.run import RATE, SEGMENTS, Asked, Filter, Listing, Run, Undo, beginnings
from autotag.service.context import Remaining
from autotag.service.runs.plan import Planned, Planner, advance, plan_page

_RunId = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$")]


class _Asked(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a run is to do."""

    action: Asked
    filter: Filter = Filter()
    undo: Undo = Undo()
    listing: Listing = Listing()


class PlanRun(_Asked, frozen=True, forbid_unknown_fields=True, tag="run_plan", tag_field="op", kw_only=True):
    """A page of what a run would change, without changing anything; of fewer assets where they would not fit."""

    segment: Annotated[int, Meta(ge=0, lt=SEGMENTS)] = 0
    cursor: Annotated[str, Meta(max_length=1024)] = ""
    limit: Annotated[int, Meta(ge=1, le=500)] = 500


class StartRun(_Asked, frozen=True, forbid_unknown_fields=True, tag="run_start", tag_field="op", kw_only=True):
    """Begin a run; ``dry_run`` of a backfill only counts, the units too that categorizing would use.

    Once ``max_calls`` to Cloudinary's Upload API are made, nothing more is begun; 0 is no limit.
    ``rate`` is how many assets a second are changed at most, None: ``RATE``. ``refresh``, of a retag: every asset is
    read first, within what the Admin budget leaves to runs.
    """

    max_calls: Annotated[int, Meta(ge=0)] = 0
    rate: Annotated[int, Meta(ge=1, le=1000)] | None = None
    dry_run: bool = False
    refresh: bool = False


class ShowRun(Struct, frozen=True, forbid_unknown_fields=True, tag="run_show", tag_field="op"):
    """How far a run is; with ``advance`` it is gone on with first, as the poller does every minute."""

    run: _RunId
    advance: bool = False


class ListRuns(Struct, frozen=True, forbid_unknown_fields=True, tag="run_list", tag_field="op"):
    """The last runs, the youngest first."""


class ControlRun(Struct, frozen=True, forbid_unknown_fields=True, tag="run_control", tag_field="op"):
    """Pause a run, cancel it for good, or go on with a paused one."""

    run: _RunId
    verb: Literal["pause", "resume", "cancel"]


RunRequest = PlanRun | StartRun | ShowRun | ListRuns | ControlRun


def answer_run(
    planner: Planner, request: RunRequest, caller: str, latest: Callable[[], int], remaining: Remaining
) -> dict[str, Any]:
    """Answer one request of ``caller``; ``latest`` tells the number of the rules that were pushed last.

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
    for name in ("cursors", "outbox", "groups", "epoch", "pages", "due_at", "free_at", "held_until"):
        del fields[name]
    through = len(beginnings(run.action)) - len(run.cursors)
    return {
        **fields,
        "created_at": iso(run.created_at),
        "ended_at": iso(run.ended_at) if run.ended_at else None,
        "segments": {"through": through, "of": len(beginnings(run.action))},
        "under_way": len(run.groups),
    }


def _plan(planner: Planner, asked: PlanRun, caller: str, seq: int) -> dict[str, Any]:
    if asked.action == "backfill":
        raise Invalid("action", "a backfill is tried out by starting it with dry_run")
    run = _new(planner, asked, caller, seq)
    limit = asked.limit
    while True:
        planned, seen, cursor = plan_page(planner, run, asked.segment, asked.cursor, limit)
        assets = [_planned(each) for each in planned]
        if len(fitting(map(msgspec.json.encode, assets))) == len(assets):
            return {"seen": seen, "cursor": cursor, "assets": assets}
        limit //= 2  # one asset always fits


def _planned(planned: Planned) -> dict[str, Any]:
    difference = planned.change.difference
    return {
        "asset": planned.state.asset,
        "add": sorted(difference.add),
        "remove": sorted(difference.remove),
        "review": list(difference.review),
    }


def _start(planner: Planner, asked: StartRun, caller: str, seq: int) -> dict[str, Any]:
    if asked.dry_run and asked.action != "backfill":
        raise Invalid("dry_run", f"a {asked.action} is tried out with run_plan")
    if asked.max_calls and asked.action == "backfill":
        raise Invalid("max_calls", "a backfill is limited by the Admin budget and by listing.max_units")
    if asked.rate is not None and asked.action == "backfill":
        raise Invalid("rate", "a backfill goes as fast as the Admin budget allows")
    if asked.refresh and asked.action != "retag":
        raise Invalid("refresh", f"a {asked.action} reads no assets again")
    if asked.listing.categorize and not asked.listing.max_units and not asked.dry_run:
        raise Invalid("listing.max_units", "expected how many units categorizing may use, since each costs money")
    run = _new(planner, asked, caller, seq)
    run = replace(run, refresh=asked.refresh, max_calls=asked.max_calls, rate=asked.rate or RATE, dry_run=asked.dry_run)
    planner.runs.create(run)
    planner.telemetry.info("run_started", run=run.id, action=run.action, caller=caller)
    return shown(run)


def _new(planner: Planner, asked: _Asked, caller: str, seq: int) -> Run:
    return Run(
        id=planner.clock.unique(),
        action=asked.action,
        by=caller,
        created_at=planner.clock.now(),
        filter=asked.filter,
        undo=asked.undo,
        listing=asked.listing,
        rules_seq=seq,
        cursors=beginnings(asked.action),
    )


def _show(planner: Planner, asked: ShowRun, remaining: Remaining) -> dict[str, Any]:
    run = planner.runs.load(asked.run)
    if run is not None and asked.advance and run.action != "backfill":  # that one needs Cloudinary's credentials
        run = advance(planner, asked.run, remaining)
    if run is None:
        raise Missing(f"there is no run {asked.run}")
    return shown(run)


def _control(planner: Planner, asked: ControlRun, caller: str) -> dict[str, Any]:
    run = planner.runs.load(asked.run)
    if run is None:
        raise Missing(f"there is no run {asked.run}")
    if asked.verb == "resume":
        done = planner.runs.resume(run)
    else:
        status: Literal["paused", "cancelled"] = "paused" if asked.verb == "pause" else "cancelled"
        done = planner.runs.stop(run.id, status, f"by {caller}", planner.clock.now())
    run = planner.runs.load(asked.run)
    if not done or run is None:
        raise Conflict(f"the run is {run.status if run else 'gone'}, so it cannot be told to {asked.verb}")
    planner.telemetry.info("run_told", run=asked.run, verb=asked.verb, caller=caller)
    return shown(run)
