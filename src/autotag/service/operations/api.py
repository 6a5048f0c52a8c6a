"""Operators' requests: the state of an asset, its audits, and what the modules beside this one answer."""

from functools import partial
from typing import Annotated, assert_never

import msgspec
from msgspec import Meta, Struct

from autotag.domain.errors import Invalid, Missing
from autotag.domain.model.asset import is_asset_id
from autotag.domain.model.response_size import fitting
from autotag.domain.model.strict_json import decode as decode_json
from autotag.domain.state.asset_state import AssetState
from autotag.ports.assets import DueQueue
from autotag.ports.audits import AuditReader
from autotag.ports.exports import ExportQueue
from autotag.ports.operations import CloudName, StateReader
from autotag.ports.rules import RuleStore
from autotag.ports.runtime import Clock, Start, Telemetry
from autotag.service.exports.start import StartExport, start_export
from autotag.service.operations.access import Access, check_access
from autotag.service.operations.describe import audit_for_commands, describe, picture, raw_state
from autotag.service.operations.health import Health, HealthProbes, examine
from autotag.service.operations.lost_intents import FinishIntents, LostIntents, finish_intents, lost_intents
from autotag.service.operations.replay import Replay, replay_audit
from autotag.service.operations.scan import Scan, scan
from autotag.service.review.queue import ReviewList, ReviewSources, review_list
from autotag.service.review.requests import (
    ReviewDecide,
    ReviewProgress,
    ReviewRequest,
    Reviews,
    review_decide,
    review_progress,
)
from autotag.service.review.sample import ReviewSample, review_sample
from autotag.service.review.summary import ReviewSummary, review_summary
from autotag.service.rules.publish import PushRules, ShowRules, describe_rules, push
from autotag.service.rules.versions import ListPushes, ShowVersion, list_pushes, show_version
from autotag.service.runs.plan import Planner
from autotag.service.runs.requests import (
    ControlRun,
    ListRuns,
    PlanRun,
    RunRequest,
    ShowRun,
    StartRun,
    answer_run_request,
)


class Show(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="show", tag_field="op"):
    """A request for the state of one asset, named by its asset_id or public_id; ``raw``: every field, as stored."""

    asset: Annotated[str, Meta(min_length=1, max_length=1024)]
    raw: bool = False


class ListAudits(Struct, frozen=True, forbid_unknown_fields=True, tag="audits", tag_field="op"):
    """A request for a page of one asset's audits, the newest first; ``before`` is the last audit_id of the page before.

    A page may hold fewer than ``limit``, since a response has a size limit: only an empty page is the last one.
    ``raw``: every field, as stored.
    """

    asset: Annotated[str, Meta(min_length=1, max_length=1024)]
    limit: Annotated[int, Meta(ge=1, le=100)] = 20
    before: str = ""
    raw: bool = False


Request = (
    Show
    | ListAudits
    | Scan
    | StartExport
    | LostIntents
    | FinishIntents
    | PushRules
    | ShowRules
    | ListPushes
    | ShowVersion
    | Replay
    | Health
    | RunRequest
    | ReviewRequest
)


_PATIENCE = 20_000
"""Milliseconds that a request about a run or the review queue may take; the function has thirty seconds."""


class OperatorDependencies(Struct, frozen=True):
    """The dependencies of operators' requests. ``exports``: None where the stack has no bucket for exports."""

    states: StateReader
    records: AuditReader
    rule_store: RuleStore
    clock: Clock
    telemetry: Telemetry
    probes: HealthProbes
    planner: Planner
    reviews: Reviews
    cloud: CloudName
    start: Start
    due_queue: DueQueue
    exports: ExportQueue | None = None
    access: Access = "operate"


def answer(deps: OperatorDependencies, body: str | bytes, caller: str) -> bytes:
    """Answer one JSON request of ``caller`` with JSON. What it changes is stored under the name of ``caller``.

    Raises ``Invalid`` if the request is malformed, ``Forbidden`` if this function's access is too low for it,
    ``Missing`` if its subject does not exist, ``Conflict`` if another caller was faster, ``Retryable`` if a store is
    down.
    """
    try:
        request: Request = decode_json(body, Request)
    except msgspec.DecodeError as error:
        raise Invalid("request", str(error)) from error
    check_access(deps.access, request)
    match request:
        case Show(raw=True):
            return raw_state(_find(deps, request.asset))
        case Show():
            cloud = deps.start(deps.cloud.cloud_name)
            state = _find(deps, request.asset)
            return msgspec.json.encode(describe(state) | picture(state.facts, state.asset, cloud()))
        case ListAudits():
            cloud = deps.start(deps.cloud.cloud_name)
            state = _find(deps, request.asset)
            audits = deps.records.of_asset(state.asset.asset_id, request.limit, request.before)
            if request.raw:
                return msgspec.json.encode(fitting(msgspec.json.encode(audit) for audit in audits))
            return msgspec.json.encode(fitting(audit_for_commands(audit, state, cloud()) for audit in audits))
        case Scan():
            return scan(deps.states, request)
        case StartExport():
            deps.telemetry.info("export_started", at=request.at, segments=request.segments, caller=caller)
            return msgspec.json.encode(start_export(deps.exports, request))
        case LostIntents():
            deadline = deps.clock.now() + _PATIENCE
            found = lost_intents(deps.states, request, deps.clock.now(), lambda: deps.clock.now() < deadline)
            return msgspec.json.encode(found)
        case FinishIntents():
            deps.telemetry.info("intents_handed_over", assets=len(request.assets), caller=caller)
            return msgspec.json.encode(finish_intents(deps.due_queue, request))
        case PushRules():
            return msgspec.json.encode(push(deps.rule_store, request, caller, deps.clock, deps.telemetry))
        case ShowRules():
            return msgspec.json.encode(describe_rules(deps.rule_store, request))
        case ListPushes():
            return msgspec.json.encode(list_pushes(deps.rule_store, request))
        case ShowVersion():
            return msgspec.json.encode(show_version(deps.rule_store, request))
        case Replay():
            return msgspec.json.encode(replay_audit(deps.records, deps.rule_store.versions, request))
        case Health():
            return msgspec.json.encode(examine(deps.probes, deps.rule_store, deps.clock, deps.start))
        case PlanRun() | StartRun() | ShowRun() | ListRuns() | ControlRun():
            return _about_runs(deps, request, caller)
        case ReviewList() | ReviewSummary():
            return _about_queue(deps, request)
        case ReviewDecide():
            return msgspec.json.encode(review_decide(deps.reviews, partial(_find, deps), request, caller, deps.clock))
        case ReviewProgress():
            return msgspec.json.encode(review_progress(deps.records, partial(_find, deps), request))
        case ReviewSample():
            return msgspec.json.encode(review_sample(deps.reviews.queue, request, caller, deps.clock))
        case _:
            assert_never(request)


def _about_queue(deps: OperatorDependencies, request: ReviewList | ReviewSummary) -> bytes:
    """Return a page of the review queue, or its summary."""
    deadline = deps.clock.now() + _PATIENCE

    def patient() -> bool:
        return deps.clock.now() < deadline

    if isinstance(request, ReviewList):
        sources = ReviewSources(deps.reviews.index, deps.states, deps.planner.rules, deps.cloud, deps.start)
        return review_list(sources, request, patient)
    cloud = deps.start(deps.cloud.cloud_name)
    count = deps.reviews.counter.count(patient)
    return msgspec.json.encode(review_summary(count, request.folder, cloud()))


def _about_runs(deps: OperatorDependencies, request: RunRequest, caller: str) -> bytes:
    deadline = deps.clock.now() + _PATIENCE

    def remaining() -> float:
        return (deadline - deps.clock.now()) / 1000

    def latest() -> int:
        published = deps.rule_store.publication.current()
        return published.seq if published else 0

    return msgspec.json.encode(answer_run_request(deps.planner, request, caller, latest, remaining))


def _find(deps: OperatorDependencies, asset: str) -> AssetState:
    state = deps.states.load(asset) if is_asset_id(asset) else None
    if state is not None:
        return state
    ids = deps.states.named(asset)
    if len(ids) > 1:
        raise Invalid("asset", f"{asset!r} names several assets, expected one of the asset_ids {', '.join(ids)}")
    state = deps.states.load(ids[0]) if ids else None
    if state is None:
        raise Missing(f"no asset {asset!r} was ever seen")
    return state
