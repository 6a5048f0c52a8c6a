"""What a notification says, read from its raw body. Only ever called on a body whose signature was verified.

Bodies differ by type and by age of the account, and Cloudinary says that fields may be added: what is not used is
not looked at. Shapes and how sure they are: the samples under events/ and tests/unit/domain/test_notification.py.
"""

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from autotag.domain.asset import parse_asset_id, parse_facts, parse_ref
from autotag.domain.changed_facts import context_changed, folder_moved, moved, version_restored
from autotag.domain.changes import OnFault, deleted, renamed, tags_changed
from autotag.domain.errors import Invalid
from autotag.domain.labels import PROVIDERS, parse_categorization, parse_categorizations
from autotag.domain.message import FolderMoved, Labelled, Message, Recheck, Source, hint
from autotag.domain.strict_json import decode as decode_json

_Reader = Callable[[dict[str, Any], int, Source, str, OnFault], Iterator[Message]]

_CHANGES: dict[object, _Reader] = {
    "resource_tags_changed": tags_changed,
    "rename": renamed,
    "delete": deleted,
    "move": moved,
    "move_or_rename_asset_folder": folder_moved,
    "resource_context_changed": context_changed,
    "restore_asset_version": version_restored,
}
_NO_MOMENT = 10**13
"""Unix milliseconds that no event has: audit ids hold 13 digits, and sort by them."""


def unheard(fault: Invalid) -> None:
    """Take no notice of an entry that cannot be read."""


def parse(
    body: bytes, *, timestamp: int, own_key: str = "", hints_only: bool = False, on_fault: OnFault = unheard
) -> list[Message]:
    """Return the messages in ``body``, one per asset; none where the type is not ours to handle or it is our own echo.

    ``timestamp`` (unix seconds) is the signed header's, the moment of the event where the body does not tell.
    ``own_key`` is the API key that only this service writes with, or "" where that is not sure.
    ``hints_only`` trusts no body with more than which asset to read. ``on_fault`` hears of each asset in a list that
    cannot be read, while the others are.
    Raises ``Invalid`` where the body is not such a JSON object, lacks a required field, or lists no readable asset.
    """
    document = load(body)
    kind = _type_of(document)
    if kind not in ("upload", "info", *_CHANGES):
        return []
    observed_at = _observed_at(document, timestamp)
    source = Source(kind, hashlib.sha256(body).hexdigest(), _text(document.get("request_id")))
    messages: list[Message]
    if kind in _CHANGES:
        messages = list(_CHANGES[kind](document, observed_at, source, own_key, on_fault))
    elif kind == "info" and _text(document.get("info_kind")) not in PROVIDERS:
        return []
    else:
        messages = [_labelled(document, observed_at, source)]
    # Whoever can have upload parameters signed can forge a notification, but every such string holds "=".
    if hints_only or b"=" in body:
        # that of a folder names no asset to be read
        return [hint(message) for message in messages if not isinstance(message, FolderMoved)]
    return messages


def parse_large(
    body: bytes, *, timestamp: int, own_key: str = "", hints_only: bool = False, on_fault: OnFault = unheard
) -> list[Message]:
    """Return the messages in a body whose labels are too many to queue: a hint which asset to read instead of them.

    What lists assets is read like a smaller one, since each of its messages is small; the rest is as with ``parse``.
    """
    document = load(body)
    kind = _type_of(document)
    if kind in _CHANGES:
        return parse(body, timestamp=timestamp, own_key=own_key, hints_only=hints_only, on_fault=on_fault)
    if kind not in ("upload", "info") or (kind == "info" and _text(document.get("info_kind")) not in PROVIDERS):
        return []
    source = Source(kind, hashlib.sha256(body).hexdigest())
    return [Recheck(parse_asset_id(document.get("asset_id")), _observed_at(document, timestamp), source)]


def _type_of(document: dict[str, Any]) -> str:
    kind = document.get("notification_type")
    if not isinstance(kind, str):
        raise Invalid("notification_type", "expected a string")
    return kind


def parse_resource(body: dict[str, Any], observed_at: int, source: Source) -> Labelled:
    """Read the Admin API's ``resource`` answer (or an upload API response) as if it had been notified."""
    return Labelled(
        parse_ref(body),
        parse_categorizations(body, observed_at, of=PROVIDERS),
        observed_at,
        source,
        parse_facts(body, observed_at),
    )


def load(body: bytes) -> dict[str, Any]:
    """Decode strict JSON: UTF-8, no NaN, no lone surrogate, bounded nesting, an object; raises ``Invalid``."""
    try:
        document: object = decode_json(body.decode())
    except UnicodeDecodeError as error:
        raise Invalid("body", "expected UTF-8") from error
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
