"""Notifications about existing assets: tags changed, renamed, deleted.

Some name the assets in a list, some in an object by public_id; every reader accepts both. An entry that cannot be read
is skipped, and the others are used: Cloudinary sends them only once.
"""

from collections.abc import Callable, Iterator
from typing import Any

from autotag.domain.errors import Invalid
from autotag.domain.model.asset import parse_folder, parse_ref
from autotag.domain.model.messages import AssetDeleted, AssetRenamed, MessageOrigin, TagsEdited

_MAX_TAGS_CHANGED = 1000

OnInvalid = Callable[[Invalid], None]
"""Called with the error of each entry that cannot be read, if other entries of the same notification can."""

_BY_HAND = "ui"
"""The ``source`` of changes made in the console. Seen in deliveries, not confirmed by documentation."""


def read_tags_changed(
    document: dict[str, Any], observed_at: int, source: MessageOrigin, own_key: str, on_invalid: OnInvalid
) -> Iterator[TagsEdited]:
    """Read ``resource_tags_changed``; yield nothing for changes by ``own_key``, the key that only this service uses."""
    context = document.get("notification_context")
    triggered_by = context.get("triggered_by") if isinstance(context, dict) else None
    by = triggered_by.get("id") if isinstance(triggered_by, dict) else None
    by = by[:256] if isinstance(by, str) else ""
    by_hand = _BY_HAND in (document.get("source"), triggered_by.get("source") if isinstance(triggered_by, dict) else "")
    if own_key and by == own_key:
        return

    def read_entry(entry: dict[str, Any]) -> TagsEdited | None:
        added, removed = _tags(entry.get("added")), _tags(entry.get("removed"))
        if not added and not removed:
            return None
        return TagsEdited(parse_ref({**entry, "version": 0}), observed_at, by, source, added, removed, by_hand)

    yield from each_entry(document, read_entry, on_invalid)


def read_rename(
    document: dict[str, Any], observed_at: int, source: MessageOrigin, own_key: str, on_invalid: OnInvalid
) -> Iterator[AssetRenamed]:
    """Read ``rename``: in fixed folder mode the new public_id contains the new folder."""
    name = document.get("to_public_id")
    if not isinstance(name, str):
        raise Invalid("to_public_id", "expected a string")
    ref = parse_ref({**document, "public_id": name, "version": 0})
    yield AssetRenamed(ref, parse_folder(document, name), observed_at, source)


def read_deletion(
    document: dict[str, Any], observed_at: int, source: MessageOrigin, own_key: str, on_invalid: OnInvalid
) -> Iterator[AssetDeleted]:
    """Read ``delete``, which lists every asset of one call; a missing version is given as 0."""

    def read_entry(entry: dict[str, Any]) -> AssetDeleted:
        present = {name: value for name, value in entry.items() if value is not None}
        return AssetDeleted(parse_ref({"version": 0, **present}), observed_at, source)

    yield from each_entry(document, read_entry, on_invalid)


def each_entry[M](
    document: dict[str, Any], read: Callable[[dict[str, Any]], M | None], on_invalid: OnInvalid
) -> Iterator[M]:
    """Yield a message for each entry of ``resources``, except where ``read`` returns None.

    Raises ``Invalid`` if ``resources`` is no list or object, or if no entry can be read.
    """
    errors: list[Invalid] = []
    entries = _resources(document)
    for i, entry in enumerate(entries):
        try:
            if not isinstance(entry, dict):
                raise Invalid("", "expected an object")
            message = read(entry)
        except Invalid as error:
            where = f"resources[{i}]"
            errors.append(Invalid(f"{where}.{error.where}" if error.where else where, error.expected))
            continue
        if message is not None:
            yield message
    if errors and len(errors) == len(entries):
        raise errors[0]
    for invalid in errors:
        on_invalid(invalid)


def _resources(document: dict[str, Any]) -> list[object]:
    resources = document.get("resources")
    if isinstance(resources, dict):
        by_name = resources.items()
        resources = [{"public_id": name, **entry} if isinstance(entry, dict) else entry for name, entry in by_name]
    if not isinstance(resources, list):
        raise Invalid("resources", "expected a list of assets")
    return resources


def _tags(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    return tuple(tag for tag in value[:_MAX_TAGS_CHANGED] if isinstance(tag, str) and tag.strip())
