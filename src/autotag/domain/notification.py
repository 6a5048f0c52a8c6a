"""What a notification says, read from its raw body. Only ever called on a body whose signature was verified.

Bodies differ by type and by age of the account, and Cloudinary says that fields may be added: what is not used is
not looked at. Shapes and how sure they are: the samples under events/ and tests/unit/domain/test_notification.py.
"""

import hashlib
from datetime import UTC, datetime
from typing import Any

import msgspec

from autotag.domain.asset import parse_asset_id, parse_facts, parse_ref
from autotag.domain.errors import Invalid
from autotag.domain.labels import PROVIDERS, Categorization, parse_categorization
from autotag.domain.message import Labelled, Message, PersonTags, Recheck, Source, asset_id_of

_MAX_TAGS_CHANGED = 1000
_NO_MOMENT = 10**13
"""Unix milliseconds that no event has: audit ids hold 13 digits, and sort by them."""


def parse(body: bytes, *, timestamp: int, own_key: str = "", hints_only: bool = False) -> list[Message]:
    """Return the messages in ``body``, one per asset; none where the type is not ours to handle or it is our own echo.

    ``timestamp`` (unix seconds) is the signed header's, the moment of the event where the body does not tell.
    ``own_key`` is the API key that only this service writes with, or "" where that is not sure.
    ``hints_only`` trusts no body with more than which asset to read.
    Raises ``Invalid`` where the body is not such a JSON object or lacks a required field.
    """
    document = load(body)
    kind = document.get("notification_type")
    if not isinstance(kind, str):
        raise Invalid("notification_type", "expected a string")
    if kind not in ("upload", "info", "resource_tags_changed"):
        return []
    observed_at = _observed_at(document, timestamp)
    source = Source(kind, hashlib.sha256(body).hexdigest(), _text(document.get("request_id")))
    if kind == "resource_tags_changed":
        messages: list[Message] = list(_tags_changed(document, observed_at, source, own_key))
    elif kind == "info" and _text(document.get("info_kind")) not in PROVIDERS:
        return []
    else:
        messages = [_labelled(document, observed_at, source)]
    # Whoever can have upload parameters signed can forge a notification, but every such string holds "=".
    if hints_only or b"=" in body:
        return [Recheck(asset_id_of(message), observed_at, source) for message in messages]
    return messages


def parse_stub(body: bytes, *, timestamp: int) -> Recheck | None:
    """Return the hint in a body that is too large to queue: which asset to read, or None where it names none."""
    document = load(body)
    if document.get("notification_type") not in ("upload", "info"):
        return None
    if document["notification_type"] == "info" and _text(document.get("info_kind")) not in PROVIDERS:
        return None
    source = Source(_text(document["notification_type"]), hashlib.sha256(body).hexdigest())
    return Recheck(parse_asset_id(document.get("asset_id")), _observed_at(document, timestamp), source)


def parse_resource(body: dict[str, Any], observed_at: int, source: Source) -> Labelled:
    """Read the Admin API's ``resource`` answer (or an upload API response) as if it had been notified."""
    return Labelled(
        parse_ref(body),
        _categorizations(body, observed_at),
        observed_at,
        source,
        parse_facts(body, observed_at),
    )


def load(body: bytes) -> dict[str, Any]:
    """Decode strict JSON: UTF-8, no NaN, no lone surrogate, bounded nesting, an object; raises ``Invalid``."""
    try:
        document = msgspec.json.decode(body.decode())
    except UnicodeDecodeError as error:
        raise Invalid("body", "expected UTF-8") from error
    except RecursionError as error:
        raise Invalid("body", "is nested too deeply") from error
    except msgspec.DecodeError as error:
        raise Invalid("body", f"expected JSON ({error})") from error
    if not isinstance(document, dict):
        raise Invalid("body", "expected a JSON object")
    return document


def _labelled(document: dict[str, Any], observed_at: int, source: Source) -> Labelled:
    if source.notification_type == "upload":
        return parse_resource(document, observed_at, source)
    found = parse_categorization(document.get("info_status"), document.get("info_data"), observed_at)
    return Labelled(parse_ref(document), {document["info_kind"]: found}, observed_at, source)


def _categorizations(document: dict[str, Any], observed_at: int) -> dict[str, Categorization]:
    info = document.get("info")
    stored = info.get("categorization") if isinstance(info, dict) else None
    if not isinstance(stored, dict):
        return {}
    return {
        provider: parse_categorization(entry.get("status"), entry.get("data"), observed_at)
        for provider, entry in stored.items()
        if isinstance(entry, dict) and provider in PROVIDERS
    }


def _tags_changed(document: dict[str, Any], observed_at: int, source: Source, own_key: str) -> list[PersonTags]:
    context = document.get("notification_context")
    triggered_by = context.get("triggered_by") if isinstance(context, dict) else None
    by = _text(triggered_by.get("id")) if isinstance(triggered_by, dict) else ""
    if own_key and by == own_key:
        return []
    resources = document.get("resources")
    if isinstance(resources, dict):  # some notifications name the assets by public_id instead of listing them
        named = resources.items()
        resources = [{"public_id": name, **entry} if isinstance(entry, dict) else entry for name, entry in named]
    if not isinstance(resources, list):
        raise Invalid("resources", "expected a list of assets")
    changes = []
    for i, entry in enumerate(resources):
        if not isinstance(entry, dict):
            raise Invalid(f"resources[{i}]", "expected an object")
        added, removed = _tags(entry.get("added")), _tags(entry.get("removed"))
        if added or removed:
            ref = parse_ref({**entry, "version": 0})
            changes.append(PersonTags(ref, observed_at, by, source, added, removed))
    return changes


def _tags(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    return tuple(tag for tag in value[:_MAX_TAGS_CHANGED] if isinstance(tag, str) and tag.strip())


def _observed_at(document: dict[str, Any], timestamp: int) -> int:
    context = document.get("notification_context")
    triggered_at = context.get("triggered_at") if isinstance(context, dict) else None
    for text in (triggered_at, document.get("timestamp")):
        if isinstance(text, str):
            try:
                moment = datetime.fromisoformat(text)
                at = round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
            except (ValueError, OverflowError):
                continue
            if 0 < at < _NO_MOMENT:
                return at
    return timestamp * 1000


def _text(value: object) -> str:
    return value[:256] if isinstance(value, str) else ""
