"""Texts that take fewer bytes than their characters: numbers of many digits, times, and texts of such parts."""

import re
from datetime import UTC, datetime

HEX = re.compile(r"(?:[0-9a-f]{2}){6,}")
"""An even number of hexadecimal digits, twelve or more: ids and hashes."""

_JOINED = re.compile(r"([^.:]+)([.:])(.+)", re.DOTALL)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_SHORTEST = 12
_MOST_PARTS = 8
"""Separators of a text that is taken apart: writing and reading go one call deeper with each."""


def milliseconds(text: str) -> int | None:
    """Return the unix milliseconds of an ISO 8601 time that ``time_of`` writes in the same way, or None."""
    if len(text) != len("2026-11-29T08:00:00.000Z") or not _TIME.fullmatch(text):
        return None
    try:
        found = round(datetime.fromisoformat(text).timestamp() * 1000)
    except ValueError:
        return None
    return found if time_of(found) == text else None


def time_of(at: int) -> str:
    """Return unix milliseconds as ISO 8601 in UTC with milliseconds."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def is_hex(text: str) -> bool:
    """Return whether a text is a number of many hexadecimal digits."""
    return len(text) >= _SHORTEST and HEX.fullmatch(text) is not None


def parts(text: str) -> tuple[str, str, str] | None:
    """Return a text as what is before its first separator, that, and what is after it, if a part is a hex number."""
    if text.count(".") + text.count(":") > _MOST_PARTS:
        return None
    found = _JOINED.fullmatch(text) if len(text) > _SHORTEST else None
    if found is None:
        return None
    before, separator, after = found.groups()
    if is_hex(before) or is_hex(after):
        return before, separator, after
    rest = parts(after)
    return (before, separator, after) if rest is not None else None


def quoted(text: str) -> tuple[str, str, str] | None:
    """Return a text as what is before a part in quotes, that part, and what is after it, or None."""
    before, quote, rest = text.partition('"')
    inner, closing, after = rest.partition('"')
    return (before, inner, after) if quote and closing and inner and '"' not in after else None


def whole_number(text: str) -> int | None:
    """Return the number that a text is in the usual form, or None."""
    if not (text.isascii() and text.isdecimal()) or len(text) > 18 or (text[0] == "0" and text != "0"):
        return None
    return int(text)
