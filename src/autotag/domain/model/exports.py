"""An export to a bucket: the message about one file of it, the names of its objects, and its manifest.

A segment of the State table is a chain of files. Each file says where the next one begins, and is created once: a
second process goes on from the first one's end, so that a message may come twice and a process may be killed anywhere.
"""

import json
import re
from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from autotag.domain.errors import Invalid
from autotag.domain.model.strict_json import decode as decode_json

MAX_SEGMENTS = 1000
SEGMENTS = 16
"""Segments of an export, if none are asked for: each is read by one process at a time."""

MAX_ASSETS = 200_000
"""Assets of a file at most: with fifty labels each, their lines have 400 MB."""
ASSETS = 100_000

MANIFEST = "_manifest.json"
"""Written last: an export that has one is complete. Athena and Spark skip names that begin with an underscore."""

_AT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"

At = Annotated[str, Meta(pattern=_AT)]
"""When an export began: ISO 8601 in UTC, in whole seconds."""


class ExportFile(Struct, frozen=True, tag="export_file"):
    """A task: write the file ``number`` of a segment, with up to ``assets`` assets from ``cursor`` on ("": the start).

    ``at`` names the export.
    """

    at: At
    segment: Annotated[int, Meta(ge=0)]
    segments: Annotated[int, Meta(ge=1, le=MAX_SEGMENTS)]
    assets: Annotated[int, Meta(ge=1, le=MAX_ASSETS)]
    number: Annotated[int, Meta(ge=0)] = 0
    cursor: str = ""

    def next(self, cursor: str) -> "ExportFile":
        """Return the task of the next file of this segment."""
        return replace(self, number=self.number + 1, cursor=cursor)


class Written(Struct, frozen=True):
    """A file that is there: its assets, its bytes, and the cursor of the next file; None: it is its segment's last."""

    assets: int
    size: int
    cursor: str | None


class ManifestFile(Struct, frozen=True):
    """A file of an export: its key below the export's folder, its assets and bytes."""

    key: str
    assets: int
    bytes: int


class SegmentRecord(Struct, frozen=True):
    """The files of a segment that is complete."""

    files: tuple[ManifestFile, ...]


class Manifest(Struct, frozen=True):
    """The files of a complete export, which holds every asset of ``stack`` once."""

    autotag_export: int
    stack: str
    at: str
    segments: int
    assets: int
    bytes: int
    files: tuple[ManifestFile, ...]


def first_tasks(at: str, segments: int, assets: int) -> list[ExportFile]:
    """Return the task of the first file of each segment."""
    return [ExportFile(at, segment, segments, assets) for segment in range(segments)]


def encode(task: ExportFile) -> str:
    """Return a task as ASCII JSON."""
    return json.dumps(msgspec.to_builtins(task), ensure_ascii=True, separators=(",", ":"))


def decode(text: str | bytes) -> ExportFile:
    """Decode a task; raises ``Invalid`` with the key path of the first error."""
    try:
        task: ExportFile = decode_json(text, ExportFile)
    except msgspec.DecodeError as error:
        raise Invalid("export message", str(error)) from error
    if task.segment >= task.segments:
        raise Invalid("export message", f"segment: expected 0 to {task.segments - 1}")
    return task


def folder_of(stack: str, at: str) -> str:
    """Return the key prefix of an export. Hive's form ``name=value`` makes its parts columns; colons are left out."""
    return f"exports/stack={stack}/at={re.sub('[-:]', '', at)}/"


def file_key(segment: int, number: int) -> str:
    """Return the key of a file below its export's folder."""
    return f"part={segment:03}/{number:05}.parquet"


def record_key(segment: int) -> str:
    """Return the key of the record of a complete segment."""
    return f"{RECORDS}{segment:03}.json"


RECORDS = "_segments/"


def manifest_of(stack: str, at: str, records: list[SegmentRecord]) -> Manifest:
    """Return the manifest of an export whose segments have these records."""
    files = tuple(sorted((file for record in records for file in record.files), key=lambda file: file.key))
    return Manifest(
        autotag_export=1,
        stack=stack,
        at=at,
        segments=len(records),
        assets=sum(file.assets for file in files),
        bytes=sum(file.bytes for file in files),
        files=files,
    )
