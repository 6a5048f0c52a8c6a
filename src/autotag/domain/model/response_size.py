"""How much an answer of the ops function may hold."""

from collections.abc import Iterable

import msgspec

MOST = 5_000_000
"""Bytes of an answer's parts as Lambda sends them: it may have 6 MB, and the body is a JSON text once more in it.

Source: AWS Lambda Developer Guide, "Lambda quotas".
"""


def fitting(parts: Iterable[bytes]) -> list[msgspec.Raw]:
    """Return as many of ``parts``, JSON texts, as an answer has room for, from the first on; one at the least."""
    found: list[msgspec.Raw] = []
    size = 0
    for part in parts:
        size += len(part) + part.count(b'"') + part.count(b"\\") + 1
        if size > MOST and found:
            break
        found.append(msgspec.Raw(part))
    return found
