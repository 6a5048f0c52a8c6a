"""The JSON Schema of each event on the bus, generated from the types that the service encodes."""

import re
from functools import cache
from typing import Any, get_args

import msgspec
from msgspec import Struct

from autotag.adapters.aws.eventbridge import SOURCE
from autotag.domain.model.asset import AssetRef
from autotag.domain.model.audit import (
    REPLAY_ONLY,
    AnswerRecord,
    Audit,
    AuditHeader,
    AuditOutcome,
    DetailType,
    RulesRef,
    TagChange,
    Trigger,
    detail_types,
    new_audit,
)
from autotag.domain.model.outcome import LabelOutcome

DIALECT = "https://json-schema.org/draft/2020-12/schema"
VERSION = 1
"""The version of all events, in the ``$id`` of each schema. It grows only when an event breaks what it promised."""
KINDS: tuple[DetailType, ...] = get_args(DetailType)

_MEANING: dict[DetailType, str] = {
    "Asset Tagged": "Tags of an asset were added or removed.",
    "Asset Unchanged": "A decision that changed nothing, or only would have (`mode` is `dry_run`).",
    "Review Needed": "A reviewer is asked about labels of the asset. If tags were written too, `Asset Tagged` says so.",
    "Categorization Failed": "Cloudinary reported a failure, refused the tags, or never completed the categorization.",
    "Asset Skipped": "The asset has no categorization, a rule skips it, or it was deleted (`outcome` is `gone`).",
}
_RECORD = (
    "The audit record, as `autotag audits --json` prints it. `at` is ISO 8601 in UTC with milliseconds. `reason` says "
    "in a sentence why nothing was decided or done, or what stays undecided. `answers` is present if a reviewer "
    "answered, `undid` (an audit_id) if they took an answer back. Where the record is larger than 240 KiB, the event "
    "has no `labels`, then no `tags.before`, then no tags at all."
)
_OPEN = {("Trigger", "kind"), ("LabelOutcome", "outcome")}
"""Fields whose words may become more in a later release, so that the schema lists them as examples."""
_STRUCTS: tuple[type[Struct], ...] = (Audit, AssetRef, Trigger, RulesRef, TagChange, LabelOutcome, AnswerRecord)


def slug(kind: DetailType) -> str:
    """Return a detail-type as files are named, such as ``asset-tagged``."""
    return kind.lower().replace(" ", "-")


def event_schema(kind: DetailType) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of an event as EventBridge delivers it.

    Fields around the detail: EventBridge user guide, "EventBridge event structure".
    """
    text = {"type": "string"}
    fields = {
        "version": text,
        "id": text,
        "detail-type": {"const": kind},
        "source": {"const": SOURCE},
        "account": text,
        "time": {"type": "string", "format": "date-time"},
        "region": text,
        "resources": {"type": "array", "items": text},
        "detail": {
            "$ref": "#/$defs/Audit",
            "properties": {"outcome": {"enum": sorted(_outcomes_of(kind))}},
        },
    }
    return {
        "$schema": DIALECT,
        "$id": f"urn:autotag:event:{slug(kind)}:{VERSION}",
        "title": kind,
        "description": _MEANING[kind],
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "$defs": _tables(),
    }


def _outcomes_of(kind: DetailType) -> set[AuditOutcome]:
    """Return the outcomes that an event of this type announces: what the service sends for each of them."""
    asset = AssetRef("a1", "a", "image", "upload", 1)
    header = AuditHeader("a1.0000000000000.1", 0, asset, Trigger("webhook", "", "", ""), RulesRef("r", "v"))
    outcomes: tuple[AuditOutcome, ...] = get_args(AuditOutcome)
    return {
        outcome
        for outcome in outcomes
        for review in ((), ("tag",))
        if kind in detail_types(new_audit(header, outcome=outcome, tags=TagChange((), (), (), review)))
    }


@cache
def _tables() -> dict[str, Any]:
    """Return the schema of each struct in an event. Fields that are always encoded are required, others are not."""
    made = msgspec.json.schema(Audit)["$defs"]
    return {struct.__name__: _table(struct, made[struct.__name__]) for struct in _STRUCTS}


def _table(struct: type[Struct], made: dict[str, Any]) -> dict[str, Any]:
    name, left_out = struct.__name__, REPLAY_ONLY if struct is Audit else ()
    required, properties = set(made["required"]), {}
    for field, schema in made["properties"].items():
        if field in left_out:
            continue
        if "default" in schema:  # it has a default in the code, and is encoded all the same
            required.add(field)
        shown = {key: value for key, value in schema.items() if key != "default"}
        properties[field] = {"type": "string", "examples": shown["enum"]} if (name, field) in _OPEN else shown
    description = _RECORD if struct is Audit else _described(struct, made["description"])
    return {
        "title": re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize(),
        "description": description,
        "type": "object",
        "properties": properties,
        "required": [field for field in properties if field in required],
    }


def _described(struct: type[Struct], text: str) -> str:
    """Return a docstring for readers of JSON: names as they are sent, null for None."""
    for name, sent in zip(struct.__struct_fields__, struct.__struct_encode_fields__, strict=True):
        text = text.replace(f"``{name}``", f"``{sent}``")
    return " ".join(text.replace("``", "`").replace(" is None ", " is null ").split())
