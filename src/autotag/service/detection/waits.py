"""The end of the wait for Rekognition's labels, where it was turned off."""

from collections.abc import Sequence

from autotag.domain.errors import AutotagError
from autotag.domain.model.health import DueAsset
from autotag.service.context import ASSET_SECONDS, Dependencies, Remaining
from autotag.service.detection.store import store_answer


def end_wait(deps: Dependencies, asset_id: str, remaining: Remaining) -> None:
    """Decide on an asset without Rekognition's labels, which nobody asks for any more, unless a call is under way."""
    state = deps.store.load(asset_id)
    claim = state.detect if state is not None else None
    if state is not None and claim is not None and (not claim.owner or claim.due_at <= deps.clock.now()):
        store_answer(deps, state, None, remaining)


def end_waits(deps: Dependencies, due: Sequence[DueAsset], remaining: Remaining) -> None:
    """End the wait of assets until the time is up; one that fails is tried again.

    Raises an ``ExceptionGroup`` of unexpected errors, after every other asset was processed.
    """
    unexpected: list[Exception] = []
    for asset_id in (each.asset_id for each in due):
        if remaining() < ASSET_SECONDS:
            break
        try:
            end_wait(deps, asset_id, remaining)
        except AutotagError as error:
            deps.telemetry.count("Retried")
            deps.telemetry.warn("retry_scheduled", asset_id=asset_id, fault=str(error))
        except Exception as error:  # a bug that one asset hits must not keep the others waiting
            unexpected.append(error)
    if unexpected:
        raise ExceptionGroup("unexpected errors in assets that waited for Rekognition", unexpected)
