"""An operator's request to export every asset to the bucket."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from autotag.domain.errors import Missing
from autotag.domain.model.exports import ASSETS, MAX_ASSETS, MAX_SEGMENTS, SEGMENTS, At, first_tasks
from autotag.ports.exports import ExportQueue


class StartExport(Struct, frozen=True, forbid_unknown_fields=True, tag="export_start", tag_field="op"):
    """A request to export every asset to the bucket of exports, as ``at``, in files of up to ``assets`` assets each.

    The table is read in ``segments``, side by side. The same request again starts nothing new: its messages come a
    second time, and find the files that are there.
    """

    at: At
    segments: Annotated[int, Meta(ge=1, le=MAX_SEGMENTS)] = SEGMENTS
    assets: Annotated[int, Meta(ge=1, le=MAX_ASSETS)] = ASSETS


def start_export(queue: ExportQueue | None, request: StartExport) -> dict[str, Any]:
    """Queue the first file of each segment. Raises ``Missing`` if the stack has no bucket for exports."""
    if queue is None:
        raise Missing("this stack has no bucket for exports: deploy it with Export=on")
    queue.send(first_tasks(request.at, request.segments, request.assets))
    return {"at": request.at, "segments": request.segments}
