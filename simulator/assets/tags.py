"""Tags and context of assets: the commands of the tags and context calls, and Cloudinary's limits."""

import re

from msgspec import Struct

from simulator.core.errors import ApiError

MAX_TAG_LENGTH = 255
MAX_TAGS = 1000
COMMANDS = ("add", "remove", "replace", "remove_all", "set_exclusive")
_PAIR = re.compile(r"(?:\\[=|]|[^|])+")
_EQUALS = re.compile(r"((?:\\[=|]|[^=])++)=(.*)", re.DOTALL)


class TagChange(Struct, frozen=True):
    """The tags added to and removed from one asset."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)


def unique_tags(tags: list[str]) -> tuple[str, ...]:
    """Return ``tags`` without repetition, in order. Raises ``ApiError`` 400 if a limit is exceeded."""
    for tag in tags:
        if len(tag) > MAX_TAG_LENGTH:
            raise ApiError(400, f"Tag {tag[:40]}... is longer than {MAX_TAG_LENGTH} characters")
    unique = tuple(dict.fromkeys(tags))
    if len(unique) > MAX_TAGS:
        raise ApiError(400, f"Too many tags - {len(unique)} (maximum is {MAX_TAGS})")
    return unique


def apply_command(before: tuple[str, ...], command: str, tags: tuple[str, ...]) -> tuple[str, ...]:
    """Return an asset's tags after ``command``. Raises ``ApiError`` 400 if they would be too many."""
    if command in ("add", "set_exclusive"):
        return unique_tags([*before, *tags])
    if command == "remove":
        return tuple(tag for tag in before if tag not in tags)
    return tags if command == "replace" else ()


def tag_change(before: tuple[str, ...], after: tuple[str, ...]) -> TagChange:
    """Return the tags added and removed between two states."""
    return TagChange(tuple(tag for tag in after if tag not in before), tuple(tag for tag in before if tag not in after))


def parse_pairs(text: str, parameter: str) -> dict[str, str]:
    """Parse ``key=value|key2=value2``. A backslash escapes only ``=`` and ``|``. Raises ``ApiError`` 400.

    Source: ``encode_context`` of the official Python SDK, which escapes these two and no backslash.
    """
    pairs: dict[str, str] = {}
    for part in _PAIR.findall(text):
        pair = _EQUALS.fullmatch(part)
        if pair is None:
            raise ApiError(400, f"Invalid {parameter} - {part}")
        pairs[_unescape(pair[1])] = _unescape(pair[2])
    return pairs


def _unescape(text: str) -> str:
    return re.sub(r"\\([=|])", r"\1", text)
