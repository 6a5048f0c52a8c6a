"""Assets and messages to send to the fakes."""

from typing import Any

from autotag.domain.model.asset import AssetRef
from autotag.domain.model.messages import LabelsObserved, MessageOrigin, TagsEdited
from autotag.domain.notifications.parse import parse_resource
from tests.fakes.runtime import START

GUITARIST = {"People": 0.9922, "Guitar": 0.7046, "Musician": 0.5754}


def resource(
    asset_id: str = "a1",
    labels: dict[str, float] | None = None,
    *,
    status: str = "complete",
    tags: tuple[str, ...] = (),
    version: int = 100,
    public_id: str = "",
) -> dict[str, Any]:
    """Return an asset as the Admin API shows it."""
    data: object = [{"tag": tag, "confidence": value} for tag, value in (labels or {}).items()]
    found: dict[str, Any] = {"status": status}
    if status == "complete":
        found["data"] = data
    elif status == "failed":
        found["data"] = "it failed"
    return {
        "asset_id": asset_id,
        "public_id": public_id or f"stage/{asset_id}",
        "resource_type": "image",
        "type": "upload",
        "version": version,
        "format": "jpg",
        "tags": list(tags),
        "info": {} if status == "none" else {"categorization": {"aws_rek_tagging": found}},
    }


def upload(body: dict[str, Any], observed_at: int = START, digest: str = "d1") -> LabelsObserved:
    """Return the message of an upload notification about ``body``."""
    return parse_resource(body, observed_at, MessageOrigin("upload", digest, "r1"))


def person(
    asset_id: str = "a1",
    *,
    added: tuple[str, ...] = (),
    removed: tuple[str, ...] = (),
    at: int,
    by: str = "someone",
    digest: str = "",
) -> TagsEdited:
    """Return the message of a person's change."""
    ref = AssetRef(asset_id, f"stage/{asset_id}", "image", "upload", 0)
    return TagsEdited(ref, at, by, MessageOrigin("resource_tags_changed", digest or f"p{at}"), added, removed)
