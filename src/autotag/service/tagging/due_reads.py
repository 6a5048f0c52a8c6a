"""The poller's reads: assets that are due to be read, and hints that wait to be followed."""

from collections.abc import Sequence
from itertools import batched

from autotag.domain.errors import AutotagError, BudgetExhausted, CredentialsRefused, Unavailable
from autotag.domain.model.health import DueAsset
from autotag.domain.state.due_entry import DueKind, with_claim_first
from autotag.ports.runtime import Start
from autotag.service.context import ASSET_SECONDS, SAFETY, Dependencies, Remaining
from autotag.service.tagging.due_index import age, due_assets
from autotag.service.tagging.poll import poll

_MOST = 800
"""Assets of one kind that are looked at in a minute: more than can be read in it, one after another."""


_FOR_HINTS = 8.0
"""Seconds of the reads' time that assets which wait for their labels leave to hints."""

_BATCH = 100
"""States of one read: the limit of DynamoDB."""

_KINDS: tuple[DueKind, DueKind] = ("POLL", "HINT")


def read_due(deps: Dependencies, start: Start, remaining: Remaining) -> None:
    """Read due assets and follow hints, the oldest first, until nothing is due, their budget is used or the time is up.

    Raises an ``ExceptionGroup`` of unexpected errors, after everything else was processed.
    """
    due, hints = (due_assets(deps, start, kind, _MOST) for kind in _KINDS)
    if due:
        deps.telemetry.measure("DuePollAge", age(deps, due))
    unexpected = _each(deps, "POLL", due, lambda: remaining() - (_FOR_HINTS if hints else 0.0))
    unexpected += _each(deps, "HINT", hints, remaining)
    if unexpected:
        raise ExceptionGroup("unexpected errors in the sweep", unexpected)


def _each(deps: Dependencies, kind: DueKind, due: list[DueAsset], remaining: Remaining) -> list[Exception]:
    unexpected: list[Exception] = []
    for number, asset_id in enumerate(each.asset_id for each in due):
        if remaining() < ASSET_SECONDS:
            deps.telemetry.info("deadline_reached", kind=kind)
            _left_unread(deps, due[number:], remaining)
            break
        try:
            poll(deps, asset_id, remaining, share="polls")
        except (BudgetExhausted, CredentialsRefused, Unavailable) as error:
            deps.telemetry.count("Retried")
            deps.telemetry.warn("sweep_stopped_early", kind=kind, fault=str(error))
            _left_unread(deps, due[number:], remaining)
            break
        except AutotagError as error:  # this asset stays due; the others do not wait for it
            deps.telemetry.count("Retried")
            deps.telemetry.warn("retry_scheduled", asset_id=asset_id, fault=str(error))
        except Exception as error:  # a bug: raised after the other assets were processed
            unexpected.append(error)
    return unexpected


def _left_unread(deps: Dependencies, unread: Sequence[DueAsset], remaining: Remaining) -> None:
    """Let claims on Rekognition that are due go before the due reads of their assets, which cannot be made for now.

    An asset has one entry in the due index: a read that waits for its budget would hide the claim until then.
    """
    if deps.detection is None:
        return
    now = deps.clock.now()
    try:
        for group in batched((each.asset_id for each in unread), _BATCH, strict=False):
            if remaining() < SAFETY:
                return
            for state in deps.store.load_all(group).values():
                if (first := with_claim_first(state, now)) is not None:
                    deps.store.put(first, expected=state)  # where that is lost, the next minute does it
    except AutotagError as error:
        deps.telemetry.count("Retried")
        deps.telemetry.warn("claims_not_first", fault=str(error))
