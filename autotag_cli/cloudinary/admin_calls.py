"""Admin calls on one asset, named by its asset_id or its public_id."""

import re
from typing import Any

from autotag.domain.errors import Missing
from autotag_cli.cloudinary.client import CloudinaryClient, segment

_ASSET_ID = re.compile(r"[0-9a-f]{32}")
"""The form of an asset_id; a public_id may have it, too."""


def read_asset(client: CloudinaryClient, name: str, resource_type: str, type_: str) -> dict[str, Any]:
    """Return what Cloudinary stores about an asset. Raises ``Missing``."""
    if _ASSET_ID.fullmatch(name):
        try:
            return client.admin("GET", f"resources/{name}")
        except Missing:
            pass  # then it is a public_id
    return client.admin("GET", _path(name, resource_type, type_))


def update_asset(
    client: CloudinaryClient, name: str, resource_type: str, type_: str, fields: dict[str, str], *, once: bool = False
) -> dict[str, Any]:
    """Change an asset; return what Cloudinary then stores about it. Raises ``Missing``. ``once``: as in ``admin``."""
    if _ASSET_ID.fullmatch(name):
        try:
            return client.admin("PUT", f"resources/{name}", json=fields, once=once)
        except Missing:
            pass  # then it is a public_id
    return client.admin("POST", _path(name, resource_type, type_), json=fields, once=once)


def _path(public_id: str, resource_type: str, type_: str) -> str:
    return f"resources/{resource_type}/{type_}/{segment(public_id)}"
