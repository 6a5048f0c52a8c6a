"""Reads of assets for a run, within the part of the Admin budget that runs may use, before any decision on them."""

from autotag.domain.errors import Missing, NotUnderstood, Permanent
from autotag.domain.model.audit import Trigger, TriggerKind
from autotag.domain.runs.run import Run
from autotag.domain.state.asset_state import AssetState
from autotag.service.context import Dependencies, Remaining
from autotag.service.tagging.cloudinary_calls import read_asset
from autotag.service.tagging.confirm_read import confirm
from autotag.service.tagging.observe import record_observation
from autotag.service.tagging.poll import found_gone


def refreshed(deps: Dependencies, run: Run, state: AssetState, remaining: Remaining) -> AssetState | None:
    """Read the asset of ``state`` and return its state as it then is; None if there is nothing more to do with it.

    What the read shows of people's edits, labels and facts is stored as by any read. An asset that Cloudinary does not
    show is left as it is. Raises ``Retryable`` if the budget or Cloudinary asks to wait.
    """
    asset_id, began_at = state.asset.asset_id, deps.clock.now()
    try:
        found = read_asset(deps, asset_id, remaining, share="spare")
    except Missing:
        found_gone(deps, state, began_at, remaining)
        return None
    except (Permanent, NotUnderstood) as error:
        deps.telemetry.warn("asset_unreadable", asset_id=asset_id, fault=str(error))
        return None
    confirm(deps, state, found, remaining)
    kind: TriggerKind = "moved" if run.action == "move" else "retag"
    record_observation(deps, found, Trigger(kind, "resource", "", run.id), remaining)
    return deps.store.load(asset_id)
