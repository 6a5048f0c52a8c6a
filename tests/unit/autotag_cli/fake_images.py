"""The images of a Cloudinary account in memory: uploaded, overwritten, read and destroyed."""

import re
from collections.abc import Callable
from typing import Any

import requests

from autotag_cli.cloudinary.transport.multipart import Body

_FIELD = rb'name="([a-z_]+)"[^\r]*\r\n(?:Content-Type: [^\r]*\r\n)?\r\n(.*?)\r\n--'


class FakeImages:
    """``assets`` by public_id, what was ``received``, and the fields of ``uploads``; ``on_upload`` gets each asset_id.

    ``keeps_tags`` is what an overwrite does, ``lists_kept`` whether its answer lists that, ``overwrites_as`` changes
    the answer. ``strips_tags``: an upload gets no tags. ``fails`` gives a status to a call, by how many of its kind
    went before; ``loses`` is how many answers to uploads do not come.
    """

    def __init__(self) -> None:
        self.assets: dict[str, dict[str, Any]] = {}
        self.received: list[str] = []
        self.uploads: list[dict[str, str]] = []
        self.on_upload: Callable[[str], None] = lambda asset_id: None
        self.keeps_tags, self.lists_kept, self.strips_tags = False, True, False
        self.overwrites_as: dict[str, Any] = {}
        self.fails: dict[tuple[str, int], int] = {}
        self.loses = 0

    def answer(self, action: str, request: requests.PreparedRequest) -> tuple[int, dict[str, Any]]:
        """Return what ``upload``, ``destroy`` or the public_id of an image to be read is answered with."""
        kind = action if action in ("upload", "destroy") else "read"
        earlier = self.received.count(kind)
        self.received.append(kind)
        if status := self.fails.get((kind, earlier)):
            return status, {"error": {"message": "no"}}
        if kind == "read":
            return 200, self.assets[action]
        fields = _form(request)
        if kind == "destroy":
            return 200, {"result": "ok" if self.assets.pop(fields["public_id"], None) else "not found"}
        return 200, self._uploaded(fields)

    def _uploaded(self, fields: dict[str, str]) -> dict[str, Any]:
        public_id, before = fields["public_id"], self.assets.get(fields["public_id"])
        if before is not None and fields["overwrite"] == "false":
            return before | {"existing": True}
        self.uploads.append(fields)
        version = len(self.uploads)
        sent = [fields["tags"]] if "tags" in fields and not self.strips_tags else []
        kept = before["tags"] if before and self.keeps_tags else []
        asset_id = before["asset_id"] if before else f"asset{version}"
        asset = {
            "asset_id": asset_id, "public_id": public_id, "version": version, "etag": f"e{version}",
            "tags": sent or kept,
        }  # fmt: skip
        self.assets[public_id] = asset
        self.on_upload(asset_id)
        if self.loses:
            self.loses -= 1
            raise requests.ConnectionError("lost")
        return (asset if self.lists_kept else {**asset, "tags": sent}) | (self.overwrites_as if before else {})


def _form(request: requests.PreparedRequest) -> dict[str, str]:
    """Return the fields of a multipart body; the file's bytes are under ``file``."""
    body: Any = request.body
    assert isinstance(body, Body)
    found = re.findall(_FIELD, body.read(), re.DOTALL)
    return {name.decode(): value.decode("latin-1") for name, value in found}
