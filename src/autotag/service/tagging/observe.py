"""The merge of one observation of an asset, from a notification or a read, into its state."""

from msgspec.structs import replace

from autotag.domain.errors import TooLarge
from autotag.domain.model.audit import Trigger
from autotag.domain.model.messages import LabelsObserved, announced_provider
from autotag.domain.state.asset_facts import with_decision_due
from autotag.domain.state.asset_state import AssetState
from autotag.domain.state.merge import merge
from autotag.domain.state.tag_ownership import ECHO_SLACK
from autotag.service.context import Dependencies, Remaining, retry_conflicts
from autotag.service.tagging.decide import Step, decide_and_execute, finish_abandoned
from autotag.service.tagging.hints import read_soon


def record_observation(
    deps: Dependencies,
    message: LabelsObserved,
    trigger: Trigger,
    remaining: Remaining,
    *,
    late: bool = False,
    held: bool = False,
    ask_again: bool = False,
) -> Step:
    """Merge ``message`` into the state, and decide if there is something to decide.

    Under a live intent it is only merged, and the intent's owner decides again. A due intent is finished first.
    Labels that no rule asks for are merged too, since later rules may, but they are never a reason to read the asset.
    ``held`` is as in ``Attempt``: only of a message, never of a read, which may show something else next time.
    ``ask_again``: Rekognition is asked about a version that is known already, too, if it has no labels of it.
    """
    announced = announced_provider(message)

    def attempt() -> Step | None:
        ruleset = deps.rules.active().ruleset
        state = deps.store.load(message.asset.asset_id)
        merged = merge(state, message, keeps=_keeps_tags(deps, state, message))
        if merged is not None and merged.claims and merged.poll is None:  # it came back: a read can check them again
            merged = replace(merged, poll=deps.new_poll())
        if announced and announced not in ruleset.providers and (merged is None or merged.facts is None):
            deps.telemetry.count("Ignored")
            deps.telemetry.info("ignored", asset_id=message.asset.asset_id, provider=announced)
            return "done"
        if merged is None and state is not None and _may_be_back(state, message):
            read_soon(deps, message.asset.asset_id)
            return "read"
        if merged is None:
            deps.telemetry.count("Stale")
            deps.telemetry.info("stale", asset_id=message.asset.asset_id, version=message.asset.version)
            return "done"
        merged = with_decision_due(merged, state, ruleset)
        if deps.detection is not None and (ask_again or trigger.kind != "backfill"):
            from autotag.domain.detection.claims import is_wanted, wanted  # only where Rekognition is asked

            if is_wanted(merged, state, ruleset, again=ask_again):
                merged = wanted(merged, trigger, deps.clock.now())
        if state is not None and state.intent is not None:
            if state.intent.due_at <= deps.clock.now():
                finish_abandoned(deps, state, remaining)
                return None
            if merged == state:
                deps.telemetry.count("Duplicate")
                return "done"
            return "done" if _leave_to_owner(deps, merged, state, trigger) else None
        step = decide_and_execute(deps, merged, state, trigger, remaining, late=late, held=held)
        return step if step != "lost" else None

    return retry_conflicts(message.asset.asset_id, attempt)


def _may_be_back(state: AssetState, message: LabelsObserved) -> bool:
    """Whether an asset that a read found gone may have been restored since; allows for clocks that differ a little."""
    gone = state.status == "gone" and state.deleted_at <= state.restored_at and state.poll is None
    return gone and state.final_at - ECHO_SLACK < message.observed_at


def _keeps_tags(deps: Dependencies, state: AssetState | None, message: LabelsObserved) -> bool | None:
    """Return whether the account keeps tags on overwrite; looked up only if ``message`` may report an overwrite."""
    if state is None:
        return None
    known = state.facts is not None and not state.before
    if message.asset.version <= state.asset.version and known:
        return None
    return deps.cloudinary.keeps_tags()


def _leave_to_owner(deps: Dependencies, merged: AssetState, state: AssetState, trigger: Trigger) -> bool:
    """Store the observation beside an open intent; if both do not fit, have the asset read afterwards."""
    try:
        return deps.store.put(replace(merged, dirty=trigger), expected=state) is not None
    except TooLarge as error:
        deps.telemetry.warn("refetch_scheduled", asset_id=state.asset.asset_id, fault=str(error))
        return deps.store.put(replace(state, poll=deps.new_poll()), expected=state) is not None
