"""What is due, over all partitions of the index."""

from collections.abc import Sequence
from functools import partial

from autotag.domain.model.health import DueAsset
from autotag.domain.state.due_entry import SHARDS, DueKind
from autotag.ports.runtime import Start
from autotag.service.context import Dependencies


def due_assets(deps: Dependencies, start: Start, kind: DueKind, most: int) -> list[DueAsset]:
    """Return assets with due work of ``kind``, the oldest first: about ``most``, in equal parts of all partitions."""
    now, part = deps.clock.now(), -(-most // SHARDS)
    pages = [start(partial(deps.store.due, kind, shard, now, part)) for shard in range(SHARDS)]
    return sorted((each for page in pages for each in page()), key=lambda each: each.due_at)


def age(deps: Dependencies, due: Sequence[DueAsset]) -> float:
    """Return for how many seconds the first of ``due`` has been due."""
    return (deps.clock.now() - due[0].due_at) / 1000
