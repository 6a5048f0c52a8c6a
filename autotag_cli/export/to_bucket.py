"""An export that the stack writes to its bucket: start it, wait for it, fetch it."""

from collections.abc import Callable
from typing import Any, Protocol

from autotag.domain.errors import Missing
from autotag.domain.model.exports import Manifest
from autotag.service.exports.start import StartExport
from autotag_cli.errors import Failure
from autotag_cli.export.bucket import Bucket, Location
from autotag_cli.terminal.progress import progress_bar

_LOOKS = 2.0
"""Seconds between two looks at the bucket."""
_HEALTH = 15
"""Looks between two questions about dead letters."""
_PATIENCE = 60.0
"""Seconds without a new file after which the command says that it waits: 100,000 assets take about as long."""


class Exporter(Protocol):
    """A client that starts exports and knows the dead letters."""

    def start_export(self, request: StartExport) -> dict[str, Any]:
        """Start an export."""
        ...

    def health(self) -> dict[str, Any]:
        """Return the service's health."""
        ...


def start(ops: Exporter, outputs: Any, stack: str, request: StartExport) -> Location:
    """Start an export; return where it is written. Raises ``Failure`` if the stack has no bucket for exports."""
    bucket = outputs.get("ExportBucketName")
    if not bucket:
        raise Failure(f"{stack} has no bucket for exports: deploy it with Export=on, as make deploy SET=Export=on does")
    try:
        ops.start_export(request)
    except Missing as error:
        raise Failure(str(error)) from error
    return Location.of(bucket, stack, request.at)


def wait_for(
    bucket: Bucket, ops: Exporter, place: Location, segments: int | None, sleep: Callable[[float], None]
) -> Manifest:
    """Wait until an export is complete; return its manifest. ``segments``: how many it has, None if not known.

    Raises ``Failure`` if a file of an export could not be written.
    """
    files = done = looks = 0
    with progress_bar("Exporting", segments, "files", waits_for="the export function", patience=_PATIENCE) as bar:
        while (manifest := bucket.manifest()) is None:
            found = bucket.progress()
            bar.advance(found.segments - done, found.files - files)
            files, done, looks = found.files, found.segments, looks + 1
            if looks % _HEALTH == 0 and _dead_letters(ops.health()):
                raise Failure(
                    f"a file of an export could not be written: {place} is not complete, and autotag doctor says how "
                    "to go on"
                )
            sleep(_LOOKS)
    return manifest


def _dead_letters(health: dict[str, Any]) -> bool:
    return bool(sum((health.get("queues") or {}).get("export_dead", {}).values()))
