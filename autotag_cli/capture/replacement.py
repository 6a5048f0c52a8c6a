"""The replacement of everything in a body that identifies an account, an asset or a person.

What is kept is listed (``vocabulary``): names of Cloudinary's fields, its words, labels with their confidences, times,
sizes and versions. Every other text, number and key is replaced, so a field that is not known gives nothing away.
"""

import re
from typing import Any, NamedTuple

from msgspec import Struct

from autotag_cli.capture import vocabulary
from autotag_cli.capture.delivery_urls import is_url, replace_transformation, replace_url
from autotag_cli.capture.pseudonyms import Pseudonyms

_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.]{5,15}(?:Z|[+-][0-9:]{2,5})?)?")
_LOCALE = re.compile(r"[a-z]{2}(?:[_-][A-Za-z]{2})?")
_NUMBER = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,9})?")


class Replaced(NamedTuple):
    """A body that may be shared, after a look at it.

    ``fields``: the fields whose values were replaced. ``unknown``: names of fields that were too. ``messages``:
    sentences of Cloudinary's, such as why a categorization failed, as they are in ``document``.
    """

    document: Any
    fields: tuple[str, ...]
    unknown: tuple[str, ...]
    messages: tuple[str, ...]


class _Place(NamedTuple):
    """Where a value is. ``own``: below a key of the account; ``other``: in a result that is not about labels.

    ``field`` and ``above`` are the names of the two fields around it; ``listed``: it is an entry of a list.
    """

    field: str = ""
    above: str = ""
    listed: bool = False
    own: bool = False
    other: bool = False
    labels: bool = False


class _Notes(Struct):
    fields: dict[str, None] = {}
    unknown: dict[str, None] = {}
    messages: dict[str, None] = {}
    labels: set[str] = set()


def replace_identifiers(
    document: Any, key: bytes, keep: frozenset[str] = frozenset(), *, keep_messages: bool = False
) -> Replaced:
    """Return ``document`` with all but what is known to be harmless replaced; the order of keys stays.

    ``key`` makes the replacements: 16 or more random bytes. ``keep`` are further names of fields to keep.
    ``keep_messages``: keep messages, except for words with digits and words that were replaced elsewhere.
    """
    texts = list(_texts(document))
    names, notes = Pseudonyms(key, texts), _Notes()
    _Walk(Pseudonyms(key, texts), notes, keep, keep_messages).value(document, _Place())  # finds the labels
    walk = _Walk(names, notes, keep, keep_messages)
    walk.value(document, _Place())  # finds every name, which a message may repeat before its field comes
    notes.fields.clear()  # the first pass noted tags that repeat a label
    notes.messages.clear()
    found = walk.value(document, _Place())
    return Replaced(found, tuple(notes.fields), tuple(notes.unknown), tuple(notes.messages))


def _texts(value: Any) -> Any:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif value is not None:
        yield str(value)


class _Walk:
    """One pass over a body."""

    def __init__(self, names: Pseudonyms, notes: _Notes, keep: frozenset[str], keep_messages: bool) -> None:
        self._names, self._notes, self._keep, self._keep_messages = names, notes, keep, keep_messages

    def value(self, value: Any, place: _Place) -> Any:
        if isinstance(value, dict):
            return {self._key(key, place): self.value(inner, self._below(key, place)) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.value(inner, place._replace(listed=True)) for inner in value]
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return self._text(value, place)
        return value if self._keeps_number(place) else self._noted(place, self._names.number(value))

    def _below(self, key: str, place: _Place) -> _Place:
        known = key in vocabulary.FIELDS or self._is_add_on(key, place)
        in_map = _holds_names(place)
        own = place.own or place.field in vocabulary.OWN_VALUES
        other = place.other or key in vocabulary.OTHER_RESULTS or not (known or in_map)
        labels = place.labels or place.field == "categorization" or key == "info_data"
        is_name = _frames(key, place) or (known and not in_map)
        return _Place(key if is_name else "", place.field, False, own, other, labels)

    def _key(self, key: str, place: _Place) -> str:
        if is_url(key):
            return replace_url(key, self._names)
        if _frames(key, place):
            return key
        if _holds_names(place):
            return self._names.replace(key)
        if key in vocabulary.FIELDS or key in self._keep or self._is_add_on(key, place):
            return key
        if place.labels and place.field == "tag" and _LOCALE.fullmatch(key):
            return key
        self._notes.unknown[key] = None
        return self._names.replace(key)

    def _is_add_on(self, key: str, place: _Place) -> bool:
        return place.field in vocabulary.ADD_ON_MAPS and not place.own and vocabulary.WORD.fullmatch(key) is not None

    def _keeps_number(self, place: _Place) -> bool:
        if place.own:
            return False
        return place.field == "confidence" or (place.field in vocabulary.NUMBER_FIELDS and not place.other)

    def _text(self, text: str, place: _Place) -> str:
        if is_url(text):
            return self._noted(place, replace_url(text, self._names))
        if place.own:
            return self._noted(place, self._names.replace(text))
        kept = self._kept(text, place)
        return self._noted(place, self._names.replace(text)) if kept is None else kept

    def _kept(self, text: str, place: _Place) -> str | None:
        """Return ``text`` as far as it may be kept, or None if all of it must be replaced."""
        if place.labels and (place.field in ("tag", "categories") or place.above == "tag"):
            self._notes.labels.add(text.casefold())
            return text
        is_result = place.labels and place.field in ("data", "info_data")
        if is_result or (place.field, place.above) == ("message", "error"):
            replace = self._names.replace_known if self._keep_messages else self._names.replace
            message = replace(text)
            self._notes.messages[message] = None
            return message
        if place.field == "tags" and text.casefold() in self._notes.labels:
            return text
        if place.field == "transformation":
            return self._noted(place, replace_transformation(text, self._names))
        is_safe = text in vocabulary.RESULT_WORDS or (not place.other and vocabulary.WORD.fullmatch(text))
        is_word = place.field in vocabulary.WORD_FIELDS and is_safe
        is_number = self._keeps_number(place) and _NUMBER.fullmatch(text)
        is_format = place.field == "format" and text in vocabulary.FORMATS
        is_time = place.field.endswith(("_at", "timestamp")) and _TIME.fullmatch(text)
        return text if not text or is_word or is_number or is_format or is_time else None

    def _noted[T](self, place: _Place, replaced: T) -> T:
        self._notes.fields[place.field if place.field in vocabulary.FIELDS else place.above] = None
        return replaced


def _holds_names(place: _Place) -> bool:
    """Return whether the keys of an object at ``place`` are the account's."""
    return place.own or (place.field in vocabulary.NAME_MAPS and not place.listed)


def _frames(key: str, place: _Place) -> bool:
    """Return whether ``key`` is Cloudinary's in a map of the account's names: ``custom``, or a change's two values."""
    if place.field == "context":
        return key == "custom"
    return place.above in ("added", "removed", "updated") and key in ("old_value", "new_value", "value")
