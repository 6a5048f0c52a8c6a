"""Calls of the runner, the demo and the tests to the simulated Cloudinary, over HTTP like those of any client."""

from typing import Any
from urllib.parse import quote

import requests

from local.core.credentials import CLOUD_NAME, NOTIFICATION_KEY, NOTIFICATION_SECRET
from local.core.loopback_http import http_request

_UPLOADER = (NOTIFICATION_KEY, NOTIFICATION_SECRET)
"""People upload with the cloud's first key; the service writes with its own."""


def account_url(simulator_url: str) -> str:
    """Return the ``CLOUDINARY_URL`` of people, for the official SDKs and for commands such as ``autotag upload``."""
    return f"cloudinary://{':'.join(_UPLOADER)}@{CLOUD_NAME}?upload_prefix={simulator_url}"


def upload(simulator_url: str, public_id: str, **options: str) -> dict[str, Any]:
    """Upload a small picture as ``public_id`` with Rekognition's categorization; return Cloudinary's answer.

    ``options`` are further upload parameters, e.g. ``tags="press,stage"``. Raises ``requests.HTTPError``.
    """
    fields = {"public_id": public_id, "categorization": "aws_rek_tagging", **options}
    name = f"{public_id.rsplit('/', 1)[-1]}.jpg"
    picture = {"file": (name, b"\xff\xd8\xff\xe0" + public_id.encode(), "image/jpeg")}
    url = f"{simulator_url}/v1_1/{CLOUD_NAME}/image/upload"
    return _json(http_request("POST", url, data=fields, files=picture, auth=_UPLOADER))


def resource(simulator_url: str, public_id: str) -> dict[str, Any]:
    """Return the Admin API's answer about an image. Raises ``requests.HTTPError``."""
    url = f"{simulator_url}/v1_1/{CLOUD_NAME}/resources/image/upload/{quote(public_id)}"
    return _json(http_request("GET", url, auth=_UPLOADER))


def move(simulator_url: str, asset_id: str, folder: str, **more: str) -> dict[str, Any]:
    """Move an asset to another folder as a person; ``more`` are further values, e.g. ``context="a=b"``."""
    url = f"{simulator_url}/v1_1/{CLOUD_NAME}/resources/{asset_id}"
    return _json(http_request("PUT", url, data={"asset_folder": folder, **more}, auth=_UPLOADER))


def rename_folder(simulator_url: str, path: str, new: str) -> dict[str, Any]:
    """Move a folder and its contents to another path as a person."""
    url = f"{simulator_url}/v1_1/{CLOUD_NAME}/folders/{quote(path)}"
    return _json(http_request("PUT", url, data={"to_folder": new}, auth=_UPLOADER))


def set_mode(simulator_url: str, public_id: str, mode: str, **more: str | float) -> None:
    """Set the mode of categorization for ``public_id`` (a glob): complete, info, poll, failed or none."""
    body = {"public_id": public_id, "mode": mode, **more}
    _json(http_request("PUT", f"{simulator_url}/_simulator/mode", json=body))


def deliveries(simulator_url: str) -> list[dict[str, Any]]:
    """Return every attempt to deliver a notification, each with its ``status`` and ``public_ids``."""
    answer = _json(http_request("GET", f"{simulator_url}/_simulator/deliveries"))
    found: list[dict[str, Any]] = answer["deliveries"]
    return found


def is_polled(simulator_url: str) -> bool:
    """Return whether a client waits for messages of a poll channel right now."""
    return bool(_json(http_request("GET", f"{simulator_url}/_simulator/messages"))["polls"])


def _json(response: requests.Response) -> dict[str, Any]:
    response.raise_for_status()
    answer: dict[str, Any] = response.json()
    return answer
