"""What a run changes on the assets of a page: of a segment of the table, or of assets that are named."""

from collections.abc import Sequence

from msgspec import Struct

from autotag.domain.errors import Invalid
from autotag.domain.model.asset import is_asset_id
from autotag.domain.runs.asset_change import PlannedChange, change_by
from autotag.domain.runs.run import SEGMENTS, Run
from autotag.domain.state.asset_state import AssetState
from autotag.ports.audits import AuditReader
from autotag.ports.rules import RulesSource
from autotag.ports.runs import BulkQueue, RunStore, StatePages
from autotag.ports.runtime import Clock, Start, Telemetry
from autotag.service.context import rules_since
from autotag.service.runs.history import audits_of
from autotag.service.runs.known_states import known_states

PAGE = 2000
"""Assets in one page: the more there are, the more of them change alike."""


class Planner(Struct, frozen=True):
    """The dependencies of planning."""

    runs: RunStore
    pages: StatePages
    records: AuditReader
    bulk: BulkQueue
    rules: RulesSource
    clock: Clock
    telemetry: Telemetry
    start: Start


def plan_page(
    planner: Planner, run: Run, segment: int, cursor: str, limit: int = PAGE
) -> tuple[list[PlannedChange], int, str | None]:
    """Return what ``run`` would change on a page of assets, how many were read, and the next page's cursor.

    Raises ``Invalid`` if ``cursor`` is not one of an earlier page.
    """
    rules = rules_since(planner.rules, run.rules_seq, f"run {run.id} is")
    if run.filter.assets:
        states, after = _named_page(planner, run.filter.assets if segment == 0 else (), cursor, limit)
    else:
        states, after = planner.pages.page(segment, SEGMENTS, cursor, limit)
    planned = []
    for state in states:
        change = change_by(run, state, rules.ruleset, audits_of(planner.records, state.asset.asset_id))
        planned += [PlannedChange(state, change)] if change is not None else []
    return planned, len(states), after


def _named_page(planner: Planner, names: Sequence[str], cursor: str, limit: int) -> tuple[list[AssetState], str | None]:
    """Return the states of the assets that the next ``limit`` names are of; the cursor says how many were before."""
    if cursor and not (cursor.isascii() and cursor.isdecimal()):
        raise Invalid("cursor", "expected one that this plan answered")
    names = tuple(dict.fromkeys(names))
    start = int(cursor or "0")
    after = start + limit
    found = _named(planner, names[start:after])
    return [state for state in found.values() if state.status != "gone"], str(after) if after < len(names) else None


def _named(planner: Planner, names: Sequence[str]) -> dict[str, AssetState]:
    """Return the states of the assets with these asset_ids or public_ids; an asset_id is not looked up as a name."""
    found = known_states(planner.pages, planner.telemetry, [name for name in names if is_asset_id(name)])
    others = [asset_id for name in names if name not in found for asset_id in planner.pages.named(name)]
    left = [asset_id for asset_id in others if asset_id not in found]
    return found | known_states(planner.pages, planner.telemetry, left)
