"""Calls of the simulated Cloudinary's public APIs, over HTTP like those of any client, with a person's key."""

import hashlib
from typing import Any
from urllib.parse import quote

from local.core.credentials import CLOUD_NAME, NOTIFICATION_KEY, NOTIFICATION_SECRET
from local.core.loopback_http import json_request
from simulator.files.generated_picture import generated_picture

_PERSONS_KEY = (NOTIFICATION_KEY, NOTIFICATION_SECRET)
"""People use the account's first key; the service writes with its own."""


def _picture(name: str) -> bytes:
    """Return a small JPEG that no other name has."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    comment = name.encode()[:255]
    picture = generated_picture(digest, "jpg", 64, 48)
    return picture[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2) + comment + picture[2:]


def account_url(simulator_url: str) -> str:
    """Return the ``CLOUDINARY_URL`` of people, for the official SDKs and for commands such as ``autotag upload``."""
    return f"cloudinary://{':'.join(_PERSONS_KEY)}@{CLOUD_NAME}?upload_prefix={simulator_url}"


def upload(simulator_url: str, public_id: str, *, jpeg: bytes = b"", **options: str) -> dict[str, Any]:
    """Upload ``jpeg``, by default a small picture of one color, as ``public_id`` with Rekognition's categorization.

    Return Cloudinary's answer.

    It is put into the folder that the path of ``public_id`` names, which Cloudinary does not do by itself.
    ``options`` are further upload parameters, e.g. ``tags="press,stage"``. Raises ``requests.HTTPError``.
    """
    folder, _, name = public_id.rpartition("/")
    fields = {"public_id": public_id, "asset_folder": folder, "categorization": "aws_rek_tagging", **options}
    file = {"file": (f"{name}.jpg", jpeg or _picture(public_id), "image/jpeg")}
    return json_request("POST", _url(simulator_url, "image/upload"), data=fields, files=file, auth=_PERSONS_KEY)


def image_details(simulator_url: str, public_id: str) -> dict[str, Any]:
    """Return the Admin API's answer about an image. Raises ``requests.HTTPError``."""
    url = _url(simulator_url, f"resources/image/upload/{quote(public_id)}")
    return json_request("GET", url, auth=_PERSONS_KEY)


def move_asset(simulator_url: str, asset_id: str, folder: str, **values: str) -> dict[str, Any]:
    """Move an asset to another folder; ``values`` are changed with it, e.g. ``context="a=b"``."""
    url = _url(simulator_url, f"resources/{asset_id}")
    return json_request("PUT", url, data={"asset_folder": folder, **values}, auth=_PERSONS_KEY)


def rename_folder(simulator_url: str, path: str, new_path: str) -> dict[str, Any]:
    """Move a folder and its contents to another path."""
    url = _url(simulator_url, f"folders/{quote(path)}")
    return json_request("PUT", url, data={"to_folder": new_path}, auth=_PERSONS_KEY)


def _url(simulator_url: str, path: str) -> str:
    return f"{simulator_url}/v1_1/{CLOUD_NAME}/{path}"
