"""The argument and the result of a handler of the simulated API."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator.assets.assets import AssetKey
from simulator.core.params import Params
from simulator.environment import Environment
from simulator.notifications.destinations import Cause

_SHA256_DIGITS = 64


@dataclass(frozen=True)
class Call:
    """An authenticated call. ``path`` holds the path parameters of the URL, ``at`` is in unix seconds.

    The names of ``headers`` are case-insensitive.
    """

    params: Params
    key: str
    request_id: str
    path: dict[str, str]
    at: float
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def algorithm(self) -> str:
        """The digest of the caller's signature, used for the answer's signature too: sha1 or sha256."""
        return "sha256" if len(self.params.text("signature")) == _SHA256_DIGITS else "sha1"

    def key_of(self, public_id: str) -> AssetKey:
        """Return the key of the asset that an Upload API call names by ``public_id``."""
        return self.path["resource_type"], self.params.text("type", "upload"), public_id

    @property
    def cause(self) -> Cause:
        """The call as the cause of notifications."""
        params = self.params
        return Cause("api", self.key, self.request_id, params.text("notification_url"), params.text("batch_id"))


def pending_answer(call: Call, key: AssetKey) -> dict[str, Any]:
    """Return the answer to an asynchronous call about the asset with ``key``. All its notifications get its batch_id.

    Source: asyncuploadresponse.md of cloudinary/asset-management-js.
    """
    batch_id = call.params.text("batch_id") or secrets.token_hex(32)
    call.params.values["batch_id"] = batch_id
    resource_type, type_, public_id = key
    return {
        "status": "pending",
        "resource_type": resource_type,
        "type": type_,
        "public_id": public_id,
        "batch_id": batch_id,
    }


Handler = Callable[[Environment, Call], dict[str, Any] | Awaitable[dict[str, Any]]]
"""A function that returns the JSON of a successful answer, or an awaitable of it, or raises ``ApiError``."""
