"""Asking Rekognition about one version of an asset: claim, reserve, call, store, decide."""

from typing import NamedTuple

from msgspec.structs import replace

from autotag.domain.decisions.evaluate import skipped_by
from autotag.domain.detection import claims
from autotag.domain.errors import (
    AccessRefused,
    BudgetExhausted,
    NotDelivered,
    Permanent,
    Retryable,
    Unanswered,
    Undeliverable,
)
from autotag.domain.model.labels import REKOGNITION, Categorization
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.state.asset_state import AssetState, Detection, is_deleted
from autotag.ports.detection import DetectionPorts
from autotag.service.context import Dependencies, Remaining, retry_conflicts, rules_for
from autotag.service.detection.picture import answer_about
from autotag.service.detection.store import store_answer
from autotag.service.detection.waits import end_wait

_SECONDS = 25.0
"""Seconds that must be left to begin: for a picture, a call, and the tags that follow from it."""

_SPREAD = 3600
"""Seconds over which the assets that found no budget are spread after midnight."""


class _Owned(NamedTuple):
    state: AssetState
    claim: Detection


def ask(deps: Dependencies, asset_id: str, remaining: Remaining) -> None:
    """Get the labels of an asset that waits for them, and decide; do nothing if that is done or under way.

    Where Rekognition is not asked any more, decide without them.

    Raises ``Retryable`` if the message is to come again after its delay; the claim was given back before.
    """
    ports = deps.detection
    if ports is None:
        end_wait(deps, asset_id, remaining)
        return
    if remaining() < _SECONDS:
        raise Retryable("no time left in this invocation to ask Rekognition")
    owned = retry_conflicts(asset_id, lambda: _claim(deps, asset_id, remaining))
    if owned:
        _answer(deps, ports, owned[0], remaining)


def _claim(deps: Dependencies, asset_id: str, remaining: Remaining) -> tuple[_Owned, ...] | None:
    """Claim the asset; return nothing if there is nothing to ask, None if another process was faster."""
    state = deps.store.load(asset_id)
    if state is None or state.detect is None or is_deleted(state):
        return ()
    claim, ruleset, now = state.detect, rules_for(deps, state).ruleset, deps.clock.now()
    if not claims.is_free(claim, now):
        deps.telemetry.count("Duplicate")
        return ()
    if not _is_still_wanted(state, ruleset):
        store_answer(deps, state, None, remaining)
        return ()
    if claim.attempts >= claims.MOST_ATTEMPTS:
        store_answer(deps, state, _failed(deps, claims.TWICE, claim.attempts, final=True), remaining)
        return ()
    stored = deps.store.put(claims.claimed(state, claim, deps.clock.unique(), now), expected=state)
    return None if stored is None or stored.detect is None else (_Owned(stored, stored.detect),)


def _is_still_wanted(state: AssetState, ruleset: Ruleset) -> bool:
    """Whether the rules still name Rekognition, and none of them has begun to skip the asset."""
    if REKOGNITION not in ruleset.providers:
        return False
    return state.facts is None or not skipped_by(state.facts, state.asset.resource_type, state.managed_tags, ruleset)


def _answer(deps: Dependencies, ports: DetectionPorts, owned: _Owned, remaining: Remaining) -> None:
    """Reserve a call, make it, and store what came of it."""
    reserved_at = deps.clock.now()
    try:
        ports.budget.reserve(reserved_at)
    except BudgetExhausted as error:
        deps.telemetry.count("DetectBudgetReached")
        spread = 2 * (_SPREAD - deps.clock.jitter(_SPREAD))  # jitter is from a half to all
        _give_back(deps, owned, (error.delay or 0.0) + spread, paid=False, with_message=False)
        return
    except Retryable:
        _give_back(deps, owned, 0.0, paid=False, with_message=True)
        raise
    calls = owned.claim.attempts
    try:
        found = answer_about(ports, owned.state, deps.clock)
    except Undeliverable as error:
        _release(deps, ports, reserved_at)
        found = _failed(deps, str(error), calls - 1)
    except Permanent as error:
        found = _failed(deps, str(error), calls, final=True)
    except Retryable as error:
        if not isinstance(error, Unanswered):
            _release(deps, ports, reserved_at)
        if not (isinstance(error, NotDelivered) and 0 < owned.claim.deadline_at <= deps.clock.now()):
            _return(deps, owned, error)
            return
        found = _failed(deps, f"the picture was not delivered in time: {error}", calls - 1)
    else:
        found = found if found.status == "complete" else replace(found, asked=calls)
        deps.telemetry.count("Detected")
    store_answer(deps, owned.state, found, remaining)
    _note_model(deps, ports, found)


def _failed(deps: Dependencies, error: str, asked: int, *, final: bool = False) -> Categorization:
    return Categorization("failed", observed_at=deps.clock.now(), error=error, asked=asked, final=final)


def _return(deps: Dependencies, owned: _Owned, error: Retryable) -> None:
    """Give the claim back after a failure that may pass; raises it again where the message returns to its queue."""
    claim = owned.claim
    if isinstance(error, NotDelivered) and not claim.deadline_at:
        claim = replace(claim, deadline_at=deps.clock.now() + deps.pace.deadline * 1000)
    if isinstance(error, AccessRefused):
        deps.telemetry.count("RekognitionRefused")
    by_message = claims.goes_with_message(claim) and not isinstance(error, AccessRefused)
    wait = max(error.delay or 0.0, claims.wait_of(claim))
    held = claims.least_hidden(wait) if by_message else wait
    _give_back(deps, owned._replace(claim=claim), held, paid=isinstance(error, Unanswered), with_message=by_message)
    deps.telemetry.warn("detection_deferred", asset_id=owned.state.asset.asset_id, seconds=wait, fault=str(error))
    if by_message:
        raise Retryable(str(error), delay=wait)
    deps.telemetry.count("Retried")


def _give_back(deps: Dependencies, owned: _Owned, seconds: float, *, paid: bool, with_message: bool) -> None:
    """Store the claim as free again after ``seconds``, if it is still this worker's."""
    until = deps.clock.now() + round(seconds * 1000)
    free = claims.given_back(owned.claim, until, paid=paid, with_message=with_message)
    current: AssetState | None = owned.state
    while current is not None and claims.is_own(current, owned.claim.owner, owned.state.asset.version):
        if deps.store.put(replace(current, detect=free), expected=current) is not None:
            return
        current = deps.store.load(owned.state.asset.asset_id)


def _release(deps: Dependencies, ports: DetectionPorts, reserved_at: int) -> None:
    """Give the unit of the budget back; where that fails, the day has one call less."""
    try:
        ports.budget.release(reserved_at)
    except Retryable as error:
        deps.telemetry.warn("budget_not_released", fault=str(error))


def _note_model(deps: Dependencies, ports: DetectionPorts, found: Categorization) -> None:
    """Tell of another label model than before; the labels count in any case."""
    if not found.model:
        return
    try:
        before = ports.models.seen(found.model, deps.clock.now())
    except Retryable as error:
        deps.telemetry.warn("label_model_not_stored", fault=str(error))
        return
    if before:
        deps.telemetry.count("LabelModelChanged")
        deps.telemetry.warn("label_model_changed", before=before, now=found.model)
