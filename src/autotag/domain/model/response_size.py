"""Size limit for the responses of the ops function."""

from collections.abc import Iterable

import msgspec

MOST = 5_000_000
"""Bytes for the parts of a response, as Lambda sends them. Its limit is 6 MB, and it escapes the body as a JSON string.

Source: AWS Lambda Developer Guide, "Lambda quotas".
"""


def fitting(parts: Iterable[bytes]) -> list[msgspec.Raw]:
    """Return the first of ``parts``, JSON texts, as many as fit into a response; at least one."""
    found: list[msgspec.Raw] = []
    size = 0
    for part in parts:
        size += len(part) + part.count(b'"') + part.count(b"\\") + 1
        if size > MOST and found:
            break
        found.append(msgspec.Raw(part))
    return found
