"""Parsing of notifications from their raw body, after the signature was verified.

Bodies differ by type and by age of the account, and Cloudinary says that it may add fields, so unused fields are not
read. Shapes, and how certain they are: the samples under events/ and
tests/unit/domain/notifications/test_notification.py.
"""

import hashlib
from collections.abc import Callable, Container, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from autotag.domain.errors import Invalid
from autotag.domain.model.asset import parse_asset_id, parse_facts, parse_ref
from autotag.domain.model.labels import ADDONS, parse_categorization, parse_categorizations
from autotag.domain.model.messages import FolderMoved, LabelsObserved, Message, MessageOrigin, RefetchAsset, hint
from autotag.domain.model.strict_json import decode as decode_json
from autotag.domain.notifications.asset_changes import OnInvalid, read_deletion, read_rename, read_tags_changed
from autotag.domain.notifications.fact_changes import (
    read_context_change,
    read_folder_move,
    read_metadata_change,
    read_move,
    read_restoration,
)

_Reader = Callable[[dict[str, Any], int, MessageOrigin, str, OnInvalid], Iterator[Message]]

_READERS: dict[object, _Reader] = {
    "resource_tags_changed": read_tags_changed,
    "rename": read_rename,
    "delete": read_deletion,
    "move": read_move,
    "move_or_rename_asset_folder": read_folder_move,
    "resource_context_changed": read_context_change,
    "resource_metadata_changed": read_metadata_change,
    "restore_asset_version": read_restoration,
}
_TOO_LATE = 10**13
"""Unix milliseconds later than any event: audit ids hold 13 digits, and sort by them."""


def ignore_invalid(error: Invalid) -> None:
    """Ignore an entry that cannot be read."""


def parse(
    body: bytes,
    *,
    timestamp: int,
    own_key: str = "",
    fetch_before_use: bool = False,
    on_invalid: OnInvalid = ignore_invalid,
) -> list[Message]:
    """Return the messages in ``body``, one per asset; none for other types and for changes by this service itself.

    ``timestamp`` (unix seconds) is that of the signed header: the time of the event if the body contains none.
    ``own_key`` is the API key that only this service writes with, or "" if that is not certain. ``fetch_before_use``:
    trust a body only as a hint which asset to read. ``on_invalid`` is called for each listed asset that cannot be read,
    if others can. Raises ``Invalid`` if the body is not a JSON object, lacks a required field, or lists no readable
    asset.
    """
    document = load(body)
    kind = _type_of(document)
    if kind not in ("upload", "info", *_READERS):
        return []
    observed_at = _observed_at(document, timestamp)
    source = MessageOrigin(kind, hashlib.sha256(body).hexdigest(), _text(document.get("request_id")))
    messages: list[Message]
    if kind in _READERS:
        messages = list(_READERS[kind](document, observed_at, source, own_key, on_invalid))
    elif kind == "info" and _text(document.get("info_kind")) not in ADDONS:
        return []
    else:
        messages = [_labelled(document, observed_at, source)]
    # Anyone who can get upload parameters signed can forge a notification, but every such string holds "=".
    if fetch_before_use or b"=" in body:
        # a move of a folder names no asset that could be read
        return [hint(message) for message in messages if not isinstance(message, FolderMoved)]
    return messages


def parse_large(
    body: bytes,
    *,
    timestamp: int,
    own_key: str = "",
    fetch_before_use: bool = False,
    on_invalid: OnInvalid = ignore_invalid,
) -> list[Message]:
    """Return the messages in a body with too many labels to queue: a hint to read the asset, in place of the labels.

    A body that lists assets is parsed in full, since each of its messages is small. Arguments and errors: ``parse``.
    """
    document = load(body)
    kind = _type_of(document)
    if kind in _READERS:
        return parse(
            body, timestamp=timestamp, own_key=own_key, fetch_before_use=fetch_before_use, on_invalid=on_invalid
        )
    provider = _text(document.get("info_kind")) if kind == "info" else ""
    if kind not in ("upload", "info") or (kind == "info" and provider not in ADDONS):
        return []
    source = MessageOrigin(kind, hashlib.sha256(body).hexdigest())
    asset_id = parse_asset_id(document.get("asset_id"))
    return [RefetchAsset(asset_id, _observed_at(document, timestamp), source, provider=provider)]


def _type_of(document: dict[str, Any]) -> str:
    kind = document.get("notification_type")
    if not isinstance(kind, str):
        raise Invalid("notification_type", "expected a string")
    return kind


def parse_resource(
    body: dict[str, Any], observed_at: int, source: MessageOrigin, *, of: Container[str] = ADDONS
) -> LabelsObserved:
    """Read the Admin API's ``resource`` response (or an Upload API response) as an upload notification.

    Labels count only of the providers in ``of``: Cloudinary's answers can hold no others.
    """
    return LabelsObserved(
        parse_ref(body),
        parse_categorizations(body, observed_at, of=of),
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


def _labelled(document: dict[str, Any], observed_at: int, source: MessageOrigin) -> LabelsObserved:
    if source.notification_type == "upload":
        return parse_resource(document, observed_at, source)
    categorization = parse_categorization(document.get("info_status"), document.get("info_data"), observed_at)
    return LabelsObserved(parse_ref(document), {document["info_kind"]: categorization}, observed_at, source)


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
            if 0 < at < _TOO_LATE:
                return at
    return timestamp * 1000


def _text(value: object) -> str:
    return value[:256] if isinstance(value, str) else ""
