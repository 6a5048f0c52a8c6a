"""Lists of assets in one document: a page of the Admin or Search API, or a JSON array."""

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Raw, Struct

from autotag.domain.model.strict_json import decode as decode_json
from autotag_cli.input.documents import Document


class _Page(Struct):
    """A response that lists assets: it has ``resources``, and no fields of an asset.

    Source: cloudinary.com/documentation/admin_api, "Get resources"; notifications of changes also have ``resources``.
    """

    resources: list[Raw]
    notification_type: Any = None
    asset_id: Any = None
    public_id: Any = None


def split_lists(documents: Iterator[Document]) -> Iterator[Document]:
    """Yield every document, but each asset of a list by itself. An empty list is yielded as it is."""
    for document in documents:
        where, entries = _entries(document.raw)
        for i, entry in enumerate(entries):
            location = f"{document.location}:{where}[{i}]"
            yield Document(location, bytes(entry), document.size if i == 0 else 0, document.line, listed=True)
        if not entries:
            yield document


def _entries(raw: bytes) -> tuple[str, list[Raw]]:
    text = raw.lstrip(b"\xef\xbb\xbf \t\r\n")
    try:
        if text.startswith(b"["):
            return "", decode_json(text, list[Raw])
        if b'"resources"' in text:
            page = decode_json(text, _Page)
            if not (page.notification_type or page.asset_id or page.public_id):
                return "resources", page.resources
    except msgspec.DecodeError:
        pass  # reported when the document is read
    return "", []
