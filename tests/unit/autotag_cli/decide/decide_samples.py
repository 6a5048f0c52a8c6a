"""The vendor's samples, and decisions on them as JSON."""

from pathlib import Path
from typing import Any

from tests.unit.autotag_cli.run_command import EVENTS, autotag, objects

RESPONSES = EVENTS / "responses"
BODIES = EVENTS / "bodies"

GUITARIST = ["People", "Person", "Human", "Electric Guitar", "Guitar", "Musical Instrument"]
KOALA = ["Animal", "Koala", "Mammal"]

# The snippets of the vendor's page, closed so that they are JSON: nothing but labels, and tags where they had some.
UPLOAD_SNIPPET = """{"info": {"categorization": {"aws_rek_tagging": {"status": "complete", "data": [
  [{"tag": "People", "confidence": 0.9922}, {"tag": "Person", "confidence": 0.9922},
   {"tag": "Human", "confidence": 0.9921}, {"tag": "Electric Guitar", "confidence": 0.7046},
   {"tag": "Guitar", "confidence": 0.7046}, {"tag": "Musical Instrument", "confidence": 0.7046},
   {"tag": "Musician", "confidence": 0.5754}, {"tag": "Performer", "confidence": 0.5754}]]}}}}"""
UPDATE_SNIPPET = """{"tags": ["Animal", "Koala", "Mammal"], "info": {"categorization": {"aws_rek_tagging":
  {"status": "complete", "data": [{"tag": "Animal", "confidence": 0.9933}, {"tag": "Koala", "confidence": 0.9933},
   {"tag": "Mammal", "confidence": 0.9933}]}}}}"""


def tags_of(record: dict[str, Any]) -> list[str]:
    """Return the tags that a decision gives, in their order."""
    return [
        printed["tag"] for printed in record["labels"] if printed["outcome"] in ("kept", "present", "parent", "added")
    ]


def decide_json(*arguments: str | Path, stdin: str | bytes | None = None) -> dict[str, Any]:
    """Return the only decision that the command prints."""
    (record,) = objects(autotag("decide", "--json", *arguments, stdin=stdin))
    return record
