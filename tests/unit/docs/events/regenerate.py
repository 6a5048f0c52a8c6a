"""``make events``: write the schemas and samples in docs/events anew, from the types and the code."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.unit.docs.events.event_samples import samples
from tests.unit.docs.events.event_schemas import KINDS, VERSION, event_schema, slug

FOLDER = Path(__file__).resolve().parents[4] / "docs" / "events"
SCHEMAS = FOLDER / "schemas" / f"v{VERSION}"
SAMPLES = FOLDER / "samples"


def documents() -> Iterator[tuple[Path, str]]:
    """Yield the path of each generated file and its text."""
    for kind in KINDS:
        yield SCHEMAS / f"{slug(kind)}.schema.json", _text(event_schema(kind))
    for name, event in samples().items():
        yield SAMPLES / f"{name}.json", _text(event)


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for path, text in documents():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
