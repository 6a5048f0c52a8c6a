"""Images and their notifications, from a seed: no two alike, and the unusual ones among them."""

import hashlib
import json
import random
from datetime import UTC, datetime
from typing import Any

from bench.workload import PROVIDER, VOCABULARY

_LABELS = (5, 20, 50, 50, 50, 50, 100, 200)
"""Labels on an image; most accounts return about fifty."""

Body = dict[str, Any]


def image(number: int, *, labels: int | None = None, version: int = 1_791_460_800, name: str = "") -> Body:
    """Return an image as Cloudinary's Admin API shows it, categorized; the same number always gives the same image."""
    rng = random.Random(number)  # noqa: S311 - nothing secret
    count = rng.choice(_LABELS) if labels is None else labels
    names = rng.sample(VOCABULARY, count)
    confidences = sorted((round(rng.uniform(0.5, 1), 4) for _ in range(count)), reverse=True)
    found = [{"tag": tag, "confidence": confidence} for tag, confidence in zip(names, confidences, strict=True)]
    folder = f"folder{number % 97}/" + "deep/" * rng.choice((0, 0, 1, 6))
    return {
        "asset_id": hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest(),
        "public_id": name or f"{folder}{number:08}" + "-long" * rng.choice((0, 0, 0, 30)),
        "version": version,
        "resource_type": "image",
        "type": "upload",
        "format": "jpg",
        "tags": ["press"] if rng.random() < 0.1 else [],
        "asset_folder": folder.strip("/"),
        "info": {"categorization": {PROVIDER: {"status": "complete", "data": found}}},
    }


def pending(body: Body) -> Body:
    """Return an image whose labels are still to come."""
    return body | {"info": {"categorization": {PROVIDER: {"status": "pending"}}}}


def uploaded(body: Body, at: int) -> bytes:
    """Return the body of the notification of an upload at ``at`` (unix milliseconds)."""
    return _notification("upload", at, body)


def deleted(body: Body, at: int) -> bytes:
    """Return the body of the notification of a deletion."""
    ref = {name: body[name] for name in ("asset_id", "public_id", "version", "resource_type", "type")}
    return _notification("delete", at, {"resources": [ref]})


def tags_changed(body: Body, op: str, tags: tuple[str, ...], at: int, key: str) -> bytes:
    """Return the body of the notification of changed tags, which were changed with the API key ``key``."""
    ref = {name: body[name] for name in ("asset_id", "public_id", "resource_type", "type")}
    change: Body = {"added": [], "removed": [], "updated": []} | {"added" if op == "add" else "removed": list(tags)}
    return _notification("resource_tags_changed", at, {"source": "api", "resources": [ref | change]}, key)


def _notification(kind: str, at: int, fields: Body, key: str = "111") -> bytes:
    when = datetime.fromtimestamp(at / 1000, UTC).isoformat()
    context = {"triggered_at": when, "triggered_by": {"source": "api", "id": key}}
    document = {"notification_type": kind, "timestamp": when, "request_id": "r", "notification_context": context}
    return json.dumps(document | fields).encode()


def signed(body: bytes, at: int, secret: str) -> dict[str, str]:
    """Return the headers of a notification that Cloudinary signed at ``at`` (ms): SHA-1 of body, time and secret."""
    timestamp = str(at // 1000)
    digest = hashlib.sha1(body + timestamp.encode() + secret.encode(), usedforsecurity=False).hexdigest()
    return {"x-cld-timestamp": timestamp, "x-cld-signature": digest}
