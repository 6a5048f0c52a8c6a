"""Labels as categorization providers return them, and the key that is the same for two spellings of one label."""

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any, Literal, get_args

from msgspec import Struct

from autotag.domain.model.bounded_cache import BoundedCache

AddOn = Literal[
    "aws_rek_tagging",
    "google_tagging",
    "imagga_tagging",
    "google_video_tagging",
    "rekognition_scene",
    "visenze_recognition",
    "azure_video_indexer",
]
Provider = Literal[AddOn, "rekognition"]
ADDONS: frozenset[str] = frozenset(get_args(AddOn))
"""Categorization add-ons of Cloudinary, the only providers whose labels a notification or an answer of its APIs holds.

An ``info`` notification of any other kind is not about labels.
"""
REKOGNITION = "rekognition"
"""Amazon Rekognition, asked by this service itself: only its own answer has labels of it."""
PROVIDERS: frozenset[str] = ADDONS | {REKOGNITION}
"""The providers that rules may name."""

_OF_VIDEOS = frozenset({"google_video_tagging", "azure_video_indexer"})

MAX_TAG_LENGTH = 255
"""Maximum length of a Cloudinary tag in characters. Source: cloudinary.com/documentation/tags."""

FORBIDDEN_CHARACTERS = (
    r"\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
)
"""Characters that a tag may not hold, as a character class of a regular expression, without the brackets.

They are control characters, and invisible characters that are not part of words: zero width spaces, direction marks,
soft hyphens. The joiners U+200C and U+200D are allowed, since words and emoji use them.
"""

_FORBIDDEN = re.compile(f"[{FORBIDDEN_CHARACTERS}]")

CategorizationStatus = Literal["complete", "pending", "failed"]

_KINDS: dict[type, str] = {dict: "an object", int: "a number", float: "a number", bool: "a boolean"}


class Label(Struct, frozen=True, array_like=True, gc=False):
    """One label. ``confidence`` is 0 to 1; ``fault`` says in a sentence why the entry cannot be used, if it cannot."""

    name: str
    confidence: float
    fault: str = ""


class LabelRelations(Struct, frozen=True, omit_defaults=True):
    """What a label model says of a label besides its confidence: the names of its ancestors, aliases and categories."""

    parents: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


class Categorization(Struct, frozen=True, omit_defaults=True):
    """One provider's result for one asset, at ``observed_at`` (unix milliseconds); ``error`` is the provider's text.

    Only Rekognition's own answer has the rest: the version of its label ``model``, the ``source`` of the picture (a
    delivery URL, or the original in a bucket), and what the model says ``about`` labels, by label key; and of a
    failure, how many calls may have been paid for (``asked``), and whether another could not help (``final``).
    """

    status: CategorizationStatus
    labels: tuple[Label, ...] = ()
    observed_at: int = 0
    error: str = ""
    model: str = ""
    source: Literal["", "url", "s3"] = ""
    about: dict[str, LabelRelations] = {}
    asked: int = 0
    final: bool = False


def can_label(provider: str, resource_type: object) -> bool:
    """Return whether an add-on labels assets of this type: images or videos; True for None, an unknown type.

    Source: cloudinary.com/documentation/cloudinary_add_ons.
    """
    return resource_type in (None, "video" if provider in _OF_VIDEOS else "image")


def label_key(name: str) -> str:
    """Return the key of ``name``: the name regardless of case, compatibility forms (NFKC) and runs of white space.

    Quotes and dashes that look alike are one character, and invisible characters do not count: people's text editors
    write them where a provider writes a plain one. Source: Unicode Technical Standard 39, confusable characters.
    """
    return LABEL_KEYS.entries.get(name) or LABEL_KEYS.get(name)


def label_keys(tags: Iterable[str]) -> frozenset[str]:
    """Return the keys of ``tags``."""
    return frozenset(map(label_key, tags))


_LOOK_ALIKES = {
    **dict.fromkeys(map(ord, "`\u02b9\u02bb\u02bc\u02bd\u2018\u2019\u201a\u201b\u2032\u2035\ua78b\ua78c"), "'"),
    **dict.fromkeys(map(ord, '"\u201c\u201d\u201e\u201f\u2033\u2036\u301d\u301e\u301f'), "''"),
    **dict.fromkeys(map(ord, "\u02d7\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212"), "-"),
    **dict.fromkeys([0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFEFF, 0xFFA0]),
    **dict.fromkeys([*range(0x180B, 0x1810), *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]),
    **dict.fromkeys([*range(0xFE00, 0xFE10), *range(0xFFF9, 0xFFFC), 0xE0001, *range(0xE0100, 0xE01F0)]),
}
"""What the characters of a label's key stand for; None where they are left out.

A double quote is two single ones, as normal forms make of some, until all are written as one character in the end.
Left out are those that no font shows, but for the tags U+E0020 to U+E007F: only they tell some flags apart. Source:
Unicode Character Database, Default_Ignorable_Code_Point.
"""

_SPACED_ACUTE = re.compile(r"\s\u0301")
"""What the normal forms NFKC and NFKD make of the acute accent U+00B4, which people type for an apostrophe."""


def _folded(name: str) -> str:
    name = name.translate(_LOOK_ALIKES)
    if not name.isascii():
        name = _SPACED_ACUTE.sub("'", unicodedata.normalize("NFKD", name).translate(_LOOK_ALIKES))
        # NFKD again: case folding a Greek iota subscript before its marks are in order would give two keys
        name = unicodedata.normalize("NFKC", unicodedata.normalize("NFKD", name).casefold())
    return " ".join(name.casefold().split()).replace("''", '"')


LABEL_KEYS = BoundedCache(_folded, 65536)
"""The cache of ``label_key``, for loops in which a function call would cost too much."""


def forbidden_character(text: str) -> str:
    """Return the first character of ``text`` that no tag may hold, such as ``U+0007``, or ""."""
    match = _FORBIDDEN.search(text)
    return f"U+{ord(match[0]):04X}" if match else ""


def why_unwritable(tag: str) -> str:
    """Return a sentence that says why ``tag`` cannot be written, or ""."""
    if "," in tag:
        return _NO_COMMA
    if len(tag) > MAX_TAG_LENGTH:
        return f"the tag would have more than {MAX_TAG_LENGTH} characters"
    character = forbidden_character(tag)
    return f"a tag may not hold the character {character}" if character else ""


_NO_COMMA = "a tag may hold no comma"

NAME_FAULTS = frozenset({_NO_COMMA, f"a tag may have at most {MAX_TAG_LENGTH} characters"})
"""Faults that earlier releases stored with a label. They concern its name only: a rule may give it another tag."""


def unusable(label: Label) -> bool:
    """Return whether the label cannot be used, whatever tag a rule gives it."""
    return bool(label.fault) and label.fault not in NAME_FAULTS


def parse_categorization(status: object, data: object, observed_at: int) -> Categorization:
    """Read one provider's ``{status, data}`` leniently, since Cloudinary's responses vary.

    ``data`` may be a flat list, a list in a list, a string (the error text) or absent. Only the status ``complete``
    with a list is success. ``failed`` is failure. Every other status, known or unknown, means not ready.
    """
    if status == "failed":
        text = data if isinstance(data, str) else ""
        return Categorization("failed", observed_at=observed_at, error=text or "no reason given")
    if status != "complete" or data is None:
        return Categorization("pending", observed_at=observed_at)
    if isinstance(data, str):
        return Categorization("failed", observed_at=observed_at, error=data or "no reason given")
    if not isinstance(data, list):
        return Categorization("failed", observed_at=observed_at, error=f"data is {_KINDS[type(data)]}, not a list")
    labels = tuple(_label(entry, place) for place, entry in _entries(data))
    return Categorization("complete", labels, observed_at)


def parse_categorizations(
    body: Mapping[str, Any], observed_at: int, *, of: Container[str] | None = None
) -> dict[str, Categorization]:
    """Read each provider's result in Cloudinary's response about an asset; with ``of``, only of those providers."""
    info = body.get("info")
    stored = info.get("categorization") if isinstance(info, dict) else None
    if not isinstance(stored, dict):
        return {}
    return {
        str(provider): parse_categorization(entry.get("status"), entry.get("data"), observed_at)
        for provider, entry in stored.items()
        if isinstance(entry, dict) and (of is None or provider in of)
    }


def _entries(data: list[Any]) -> Iterator[tuple[str, object]]:
    for i, entry in enumerate(data):
        if isinstance(entry, list):
            yield from ((f"data[{i}][{j}]", inner) for j, inner in enumerate(entry))
        else:
            yield f"data[{i}]", entry


def _label(entry: object, place: str) -> Label:
    if not isinstance(entry, dict):
        return Label("", 0.0, f"{place} is {type(entry).__name__}, expected an object with tag and confidence")
    name = _name(entry.get("tag"))
    confidence = entry.get("confidence")
    if not name:
        return Label("", 0.0, f"{place}.tag holds no name")
    if isinstance(confidence, bool) or not isinstance(confidence, int | float):
        return Label(name, 0.0, f"{place}.confidence is not a number")
    if not 0 <= confidence <= 1:
        return Label(name, 0.0, f"{place}.confidence is {confidence}, outside 0 to 1")
    return Label(name, float(confidence))


def _name(tag: object) -> str:
    if isinstance(tag, dict):  # imagga returns names by locale
        texts = {locale: text for locale, text in tag.items() if isinstance(text, str) and text.strip()}
        tag = texts.get("en") or next((texts[locale] for locale in sorted(texts)), "")
    return " ".join(tag.split()) if isinstance(tag, str) else ""
