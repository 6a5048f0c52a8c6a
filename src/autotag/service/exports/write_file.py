"""One file of an export: read a part of a segment, write it in columns, and queue the next file."""

from collections.abc import Callable

import msgspec
from msgspec import Struct

from autotag.domain.errors import Retryable
from autotag.domain.model.exports import (
    MANIFEST,
    RECORDS,
    ExportFile,
    ManifestFile,
    SegmentRecord,
    Written,
    file_key,
    folder_of,
    manifest_of,
    record_key,
)
from autotag.domain.model.strict_json import decode as decode_json
from autotag.ports.exports import Draft, ExportQueue, ExportStore
from autotag.ports.operations import StateScanner
from autotag.ports.runtime import Telemetry
from autotag.service.context import Remaining
from autotag.service.exports.exported_asset import exported

_PAGE = 1000
"""Assets that one call of DynamoDB may return; a megabyte is the limit of their size."""

_FOR_READING = 0.5
"""The part of an invocation's time after which a file has enough assets: writing them takes about as long."""


class ExportDependencies(Struct, frozen=True):
    """The dependencies of an export of ``stack``."""

    stack: str
    states: StateScanner
    store: ExportStore
    queue: ExportQueue
    telemetry: Telemetry


def write_file(deps: ExportDependencies, task: ExportFile, remaining: Remaining) -> None:
    """Write the file of ``task`` unless it is there, then queue the next one, or end the segment.

    ``remaining`` returns the seconds of this invocation that are left. Raises ``Retryable``.
    """
    folder = folder_of(deps.stack, task.at)
    key = folder + file_key(task.segment, task.number)
    found = deps.store.written(key)
    if found is None:
        found = _write(deps, task, key, remaining)
    elif deps.store.written(folder + file_key(task.segment, task.number + 1)) is not None:
        return  # the message of the next file was there, and it goes on from that: so duplicates do not multiply
    if found.cursor is None:
        _end_segment(deps, task)
    else:
        deps.queue.send([task.next(found.cursor)])


def _write(deps: ExportDependencies, task: ExportFile, key: str, remaining: Remaining) -> Written:
    until = remaining() * _FOR_READING
    with deps.store.draft() as draft:
        assets, cursor = _read(deps.states, task, draft, lambda: remaining() > until)
        created = draft.publish(key, task.at, assets, cursor)
    if created is None:  # the same message came twice, and the other process was faster: its file counts
        deps.telemetry.info("export_file_was_there", key=key)
        return _written(deps.store, key)
    deps.telemetry.info("export_file", key=key, assets=created.assets, bytes=created.size)
    return created


def _read(states: StateScanner, task: ExportFile, draft: Draft, has_time: Callable[[], bool]) -> tuple[int, str | None]:
    """Add assets to ``draft`` until it is full or the time is over; return their number, and the next cursor."""
    assets, cursor = 0, task.cursor or None
    while True:
        found, cursor = states.scan(task.segment, task.segments, cursor or "", min(_PAGE, task.assets - assets))
        draft.add(b"".join(msgspec.json.encode(exported(state)) + b"\n" for state, _ in found))
        assets += len(found)
        if cursor is None or assets >= task.assets or not has_time():
            return assets, cursor


def _written(store: ExportStore, key: str) -> Written:
    """Return what a file says of itself that was there before. Raises ``Retryable`` if it was removed."""
    found = store.written(key)
    if found is None:
        raise Retryable(f"{key} was there, and is gone")
    return found


def _end_segment(deps: ExportDependencies, task: ExportFile) -> None:
    """Record the files of a complete segment; if it was the last one, write the manifest."""
    folder = folder_of(deps.stack, task.at)
    files = []
    for number in range(task.number + 1):
        key = file_key(task.segment, number)
        found = _written(deps.store, folder + key)
        files.append(ManifestFile(key, found.assets, found.size))
    deps.store.put(folder + record_key(task.segment), msgspec.json.encode(SegmentRecord(tuple(files))))
    keys = deps.store.keys(folder + RECORDS)
    if len(keys) < task.segments:
        return
    records: list[SegmentRecord] = [decode_json(deps.store.read(key), SegmentRecord) for key in keys]
    manifest = manifest_of(deps.stack, task.at, records)
    deps.store.put(folder + MANIFEST, msgspec.json.encode(manifest))
    deps.telemetry.info("export_complete", folder=folder, assets=manifest.assets, files=len(manifest.files))
