"""Contextual and structured metadata as Cloudinary's calls write it: ``key=value|key2=value2``.

Source: ``encode_context`` of the official Python SDK: ``=`` and ``|`` are escaped by a backslash, which has no
special meaning elsewhere; a list is written as JSON.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from autotag.domain.errors import Invalid

_PAIR = re.compile(r"(?:\\[=|]|[^|])+")
_EQUALS = re.compile(r"((?:\\[=|]|[^=])*+)=(.*)", re.DOTALL)


def encode_pairs(pairs: Iterable[tuple[str, Any]]) -> str:
    """Return pairs as one text, which ``decode_pairs`` reads.

    A backslash at the end of a value would escape what follows, so such a pair comes last. Raises ``Invalid`` if there
    are two, or if a key ends in a backslash.
    """
    texts = [(_escaped(key), _escaped(_text(value))) for key, value in pairs]
    texts.sort(key=lambda pair: pair[1].endswith("\\"))
    if any(key.endswith("\\") for key, _ in texts) or any(value.endswith("\\") for _, value in texts[:-1]):
        raise Invalid("context", "expected no key, and one value at most, that ends in a backslash")
    return "|".join(f"{key}={value}" for key, value in texts)


def decode_pairs(text: str) -> dict[str, str]:
    """Return the pairs in a text that ``encode_pairs`` wrote."""
    matches = (_EQUALS.fullmatch(pair) for pair in _PAIR.findall(text))
    return {_plain(pair[1]): _plain(pair[2]) for pair in matches if pair is not None}


def context_of(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return an asset's contextual metadata from Cloudinary's response.

    All calls wrap it in ``custom`` but the search, in whose answer ``custom`` is a name like any other.
    """
    context = answer.get("context")
    if not isinstance(context, dict):
        return {}
    inner = context.get("custom")
    return inner if isinstance(inner, dict) else context


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _escaped(text: str) -> str:
    return re.sub(r"([=|])", r"\\\1", text)


def _plain(text: str) -> str:
    return re.sub(r"\\([=|])", r"\1", text)


def text_list(value: object) -> list[str]:
    """Return the texts in a list, such as tags; [] if ``value`` is no list."""
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
