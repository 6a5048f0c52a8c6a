"""Storing an answer, if its claim still holds, and the decision on it, as after a notification."""

from msgspec.structs import replace

from autotag.domain.detection import claims
from autotag.domain.errors import TooLarge
from autotag.domain.model.audit import Trigger
from autotag.domain.model.labels import Categorization
from autotag.domain.state.asset_state import AssetState, is_deleted
from autotag.service.context import Dependencies, Remaining, retry_conflicts
from autotag.service.tagging.decide import decide_and_execute, finish_abandoned
from autotag.service.tagging.poll import try_poll


def store_answer(deps: Dependencies, owned: AssetState, found: Categorization | None, remaining: Remaining) -> None:
    """Put ``found`` in place of the claim in ``owned``, and decide; None: nothing is asked for any more.

    An answer about another version than the stored one, or whose claim another process has, is dropped. A deleted
    asset keeps the labels, which were paid for, and nothing is decided.
    """
    asset_id, claim = owned.asset.asset_id, owned.detect
    if claim is None:
        return

    def attempt() -> str | None:
        state = deps.store.load(asset_id)
        if state is None or not claims.is_own(state, claim.owner, owned.asset.version):
            deps.telemetry.count("DetectionDropped")
            deps.telemetry.info("detection_dropped", asset_id=asset_id, version=owned.asset.version)
            return "done"
        known = claims.unwanted(state) if found is None else claims.ended(state, found)
        if is_deleted(state):
            return "done" if deps.store.put(known, expected=state) is not None else None
        if state.intent is not None:
            if state.intent.due_at <= deps.clock.now():
                finish_abandoned(deps, state, remaining)
                return None
            return "done" if _leave_to_owner(deps, known, state, claim.trigger) else None
        step = decide_and_execute(deps, known, state, claim.trigger, remaining)
        return step if step != "lost" else None

    if retry_conflicts(asset_id, attempt) == "read":
        try_poll(deps, asset_id, remaining)


def _leave_to_owner(deps: Dependencies, known: AssetState, state: AssetState, trigger: Trigger) -> bool:
    """Store the answer beside an open intent, whose owner decides again; one that does not fit becomes a failure."""
    try:
        return deps.store.put(replace(known, dirty=trigger), expected=state) is not None
    except TooLarge as error:
        why = f"the labels are too large to keep: {error}"
        failed = Categorization("failed", observed_at=deps.clock.now(), error=why, final=True)  # paid for in vain again
        return deps.store.put(replace(claims.ended(state, failed), dirty=trigger), expected=state) is not None
