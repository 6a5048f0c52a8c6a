"""Reading assets again for a run, within what the Admin budget leaves to runs, before anything is decided on them."""

from autotag.domain.errors import Missing, NotUnderstood, Permanent
from autotag.domain.model.audit import Trigger, TriggerKind
from autotag.domain.runs.run import Run
from autotag.domain.state.asset_state import AssetState
from autotag.service.context import Remaining, World
from autotag.service.tagging.cloudinary_calls import read_asset
from autotag.service.tagging.confirm_read import confirm
from autotag.service.tagging.observe import observe
from autotag.service.tagging.poll import found_gone


def refreshed(world: World, run: Run, state: AssetState, remaining: Remaining) -> AssetState | None:
    """Read the asset of ``state`` and return its state as it then is; None where nobody else may go on with it.

    What the read shows of people, labels and facts is registered as by any read. An asset that Cloudinary does not
    show is left as it is. Raises ``Retryable`` where the budget or Cloudinary says later.
    """
    asset_id, began_at = state.asset.asset_id, world.clock.now()
    try:
        found = read_asset(world, asset_id, remaining, share="spare")
    except Missing:
        found_gone(world, state, began_at, remaining)
        return None
    except (Permanent, NotUnderstood) as error:
        world.telemetry.warn("not_read", asset_id=asset_id, fault=str(error))
        return None
    confirm(world, state, found, remaining)
    kind: TriggerKind = "moved" if run.action == "move" else "retag"
    observe(world, found, Trigger(kind, "resource", "", run.id), remaining)
    return world.store.load(asset_id)
