"""The last step before a message about one asset is deleted: nothing is left open that only this message guards.

A claim may be missing from the due index, because its message comes again if its owner dies. That may be this very
message, at another process: deleting it here deletes it there, too.
"""

from collections.abc import Sequence

from autotag.domain.model.asset import AssetRef
from autotag.domain.model.health import DueAsset
from autotag.domain.state.asset_state import AssetState
from autotag.domain.state.due_entry import DueKind
from autotag.ports.assets import StateStore
from autotag.service.context import Dependencies, Remaining
from autotag.service.tagging.decide import finish_abandoned


class SeenStates:
    """Implements the ``StateStore`` port over another one; remembers the state of each asset as it was last seen."""

    def __init__(self, store: StateStore) -> None:
        self._store = store
        self._seen: dict[str, AssetState | None] = {}

    def last(self, asset_id: str) -> AssetState | None:
        """Return the state as it was last seen; if that has changed since, as it is stored."""
        return self._seen[asset_id] if asset_id in self._seen else self.load(asset_id)

    def load(self, asset_id: str) -> AssetState | None:
        """Return the state, or None if the asset was never seen."""
        self._seen[asset_id] = self._store.load(asset_id)
        return self._seen[asset_id]

    def load_all(self, asset_ids: Sequence[str]) -> dict[str, AssetState]:
        """Return the states of those assets that were seen before, by asset_id."""
        return self._store.load_all(asset_ids)

    def put(self, state: AssetState, *, expected: AssetState | None) -> AssetState | None:
        """Write ``state`` if the stored one is still ``expected``, as in the port."""
        self._seen.pop(state.asset.asset_id, None)
        written = self._store.put(state, expected=expected)
        if written is not None:
            self._seen[state.asset.asset_id] = written
        return written

    def holders(self, asset: AssetRef) -> list[str]:
        """Return the asset_ids of the live assets last known under this name, as in the port."""
        return self._store.holders(asset)

    def due(self, kind: DueKind, shard: int, now: int, most: int) -> list[DueAsset]:
        """Return due work, as in the port."""
        return self._store.due(kind, shard, now, most)


def leave_in_index(deps: Dependencies, seen: SeenStates, asset_id: str, remaining: Remaining) -> None:
    """Finish the intent of an asset if it is due; otherwise make sure that the due index shows it.

    Costs nothing where no intent is open, which is mostly so.
    """
    state = seen.last(asset_id)
    while state is not None and state.intent is not None:
        if state.intent.due_at <= deps.clock.now():
            finish_abandoned(deps, state, remaining)
        elif state.intent.indexed or deps.store.put(state, expected=state) is not None:  # a write puts the entry
            return
        state = seen.load(asset_id)
