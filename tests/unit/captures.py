"""The payloads in tests/captures: real ones in shape, order of keys and types, with made-up values.

Beside each is what is to be read from it, written from what the payload means, not from what the code makes of it.
"""

import json
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).resolve().parents[1] / "captures"


class Capture(NamedTuple):
    """A payload and its reading; ``meaning`` says in a line what happened at Cloudinary."""

    name: str
    body: bytes
    reading: dict[str, Any]

    @property
    def path(self) -> Path:
        return FOLDER / f"{self.name}.json"

    @property
    def document(self) -> dict[str, Any]:
        return dict(json.loads(self.body))

    @property
    def is_notification(self) -> bool:
        return "notification_type" in self.document

    def as_notification(self) -> bytes:
        """Return the body that Cloudinary posts: an answer becomes one by its ``notification_type``.

        Source: cloudinary.com/documentation/notifications, "upload": the answer's fields and notification_type.
        """
        return (
            self.body if self.is_notification else json.dumps({"notification_type": "upload"} | self.document).encode()
        )


def _capture(path: Path) -> Capture:
    reading = tomllib.loads(path.with_suffix(".reading.toml").read_text("utf-8"))
    return Capture(path.stem, path.read_bytes(), reading)


CAPTURES = [_capture(path) for path in sorted(FOLDER.glob("*.json"))]
ANSWERS = [capture for capture in CAPTURES if not capture.is_notification]
