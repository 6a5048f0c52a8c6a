"""The same JSON in the other spellings that writers of JSON use, to find the one that was signed."""

import json
import re
import secrets
from collections.abc import Iterator
from itertools import product
from typing import Any

MOST_REWRITTEN = 256 * 2**10
"""The largest body in bytes that is written again: the largest that the service parses."""

_LAYOUTS: dict[str, dict[str, Any]] = {
    "without spaces between its parts": {"separators": (",", ":")},
    "with a space after each comma and colon": {"separators": (", ", ": ")},
    **{f"indented by {width} spaces": {"indent": width} for width in (2, 4)},
    "indented by one space": {"indent": 1},
    "indented by tabs": {"indent": "\t"},
}
_FRACTIONS = frozenset({"confidence", "start_time_offset", "end_time_offset", "time_offset", "duration"})
"""Numbers that Cloudinary writes with a fraction, ``0.0``: JavaScript writes them again as ``0``."""

_HTML = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def rewrites(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield each spelling, with what is special about it in words; nothing if ``raw`` is no JSON or too large.

    The order of keys and the digits of numbers are those of ``raw``.
    """
    if len(raw) > MOST_REWRITTEN:
        return
    mark = secrets.token_hex(16)  # stands for the quotes around a number, so that its digits are kept
    try:
        document = json.loads(
            raw.decode("utf-8-sig"), parse_int=lambda text: mark + text, parse_float=lambda text: mark + text
        )
        fractional = _with_fractions(document, mark)
    except (ValueError, RecursionError):
        return
    number = re.compile(f'"{mark}([^"]*)"')
    versions = [("", document)] if fractional == document else [("", document), (" and numbers as 1.0", fractional)]
    for (layout, options), plain, (numbers, version) in product(_LAYOUTS.items(), (True, False), versions):
        text = number.sub(r"\1", json.dumps(version, ensure_ascii=not plain, **options))
        for slashes, markup in product((False, True), repeat=2):
            spelled = text.replace("/", "\\/") if slashes else text
            for character, escape in _HTML.items() if markup else ():
                spelled = spelled.replace(character, escape)
            words = layout + ("" if plain else ", in ASCII") + numbers
            words += (", with / escaped" if slashes else "") + (", with <, > and & escaped" if markup else "")
            yield words, spelled.encode(errors="surrogatepass")


def has_sorted_keys(raw: bytes) -> bool:
    """Return whether ``raw`` is a JSON object with more than three keys in alphabetical order: Cloudinary sends none.

    Source: every body in docs and public captures.
    """
    try:
        document = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and len(document) > 3 and list(document) == sorted(document)


def _with_fractions(value: Any, mark: str, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _with_fractions(inner, mark, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_with_fractions(inner, mark) for inner in value]
    is_whole = isinstance(value, str) and value.startswith(mark) and value.removeprefix(mark).lstrip("-").isdigit()
    return f"{value}.0" if key in _FRACTIONS and is_whole else value
