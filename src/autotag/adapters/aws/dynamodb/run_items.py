"""Runs as DynamoDB items, and back: an item for each run, and one for each of its segments that has begun."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from autotag.adapters.aws.dynamodb.items import SHAPE, Item, from_item, pack, require_shape, to_item, unpack
from autotag.domain.errors import UnknownShape
from autotag.domain.model.conversion import convert, decoder
from autotag.domain.runs.progress import Counts, Group, Segment
from autotag.domain.runs.run import SEGMENTS, Run, with_progress

DUE = "RUN#0"
"""The partition of the due index in which runs are."""

_PLAIN = ("filter", "undo", "listing", "moves")
_OUTBOX = decoder(tuple[Group, ...])


def run_key(run_id: str) -> str:
    """Return the partition key of a run's item."""
    return f"RUN#{run_id}"


def segment_key(run_id: str, segment: str) -> str:
    """Return the partition key of a segment's item. It begins like a run's, as what operators may write does."""
    return f"RUN#{run_id}#SEG#{segment}"


def keys_of(run_ids: Iterable[str]) -> list[str]:
    """Return the keys of the items that runs may have."""
    return [
        key
        for run_id in run_ids
        for key in (run_key(run_id), *(segment_key(run_id, str(number)) for number in range(SEGMENTS)))
    ]


def run_item(run: Run) -> Item:
    """Return the item of a new run, which is due at once."""
    fields = msgspec.to_builtins(run)
    for name in ("segments", "counts"):
        del fields[name]
    fields |= {name: pack(getattr(run, name)) for name in _PLAIN}
    return to_item({"pk": run_key(run.id), "v": SHAPE, **fields, "due": DUE, "due_at": run.created_at})


def run_in(run_id: str, items: Mapping[str, Item]) -> Run | None:
    """Return a run with its progress from items by their keys, or None; raises ``UnknownShape``."""
    item = items.get(run_key(run_id))
    if item is None:
        return None
    require_shape(item, f"run {run_id}")
    fields = from_item(item)
    fields |= {name: msgspec.json.decode(unpack(fields[name])) for name in _PLAIN if name in fields}
    run = convert(fields | {"counts": _counts(fields)}, Run)
    found = {name: items.get(segment_key(run_id, name)) for name in run.segment_names}
    return with_progress(run, {name: _segment(run_id, name, item) for name, item in found.items() if item is not None})


def added(counts: Counts) -> dict[str, int]:
    """Return those of ``counts`` that are not 0, by the names of their attributes."""
    return {f"c_{name}": value for name, value in msgspec.to_builtins(counts).items() if value}


def _segment(run_id: str, name: str, item: Item) -> Segment:
    require_shape(item, f"segment {name} of run {run_id}")
    fields = from_item(item)
    return Segment(
        fields["epoch"],
        fields["pages"],
        fields.get("next_cursor"),
        _OUTBOX.decode(unpack(fields["outbox"])) if "outbox" in fields else (),
        frozenset(fields.get("run_groups", ())),
        _counts(fields),
    )


def _counts(fields: Mapping[str, Any]) -> Counts:
    return convert({name[2:]: value for name, value in fields.items() if name.startswith("c_")}, Counts)


def readable_runs(run_ids: Iterable[str], items: Mapping[str, Item], skipped: Callable[[str], None]) -> list[Run]:
    """Return the runs in ``items``; ``skipped`` is called with the reason why one in another shape is left out."""
    found = []
    for run_id in run_ids:
        try:
            run = run_in(run_id, items)
        except UnknownShape as error:
            skipped(str(error))
        else:
            found += [run] if run is not None else []
    return found
