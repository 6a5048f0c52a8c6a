"""Cloudinary over HTTP: the Upload API's ``tags`` and the Admin API's ``resource``."""

import time
from collections.abc import Callable
from urllib.parse import quote

from autotag.adapters.cloudinary_http import (
    CloudinaryHttp,
    RateLimit,
    Secrets,
    body_of,
    message_of,
    rate_limit_of,
    wait_of,
)
from autotag.domain.asset import AssetRef, parse_asset_id
from autotag.domain.errors import BudgetExhausted
from autotag.domain.state import Op


class CloudinaryApi:
    """Implements the ``Cloudinary`` port. ``on_limits`` is told what the Admin API's headers say."""

    def __init__(self, base: str, secrets: Secrets, on_limits: Callable[[RateLimit], None]) -> None:
        self._secrets, self._on_limits = secrets, on_limits
        self._http = CloudinaryHttp(base, secrets)

    def own_key(self) -> str:
        """Return the API key that this service calls with."""
        return self._secrets.credentials().api_key

    def change_tags(self, asset: AssetRef, op: Op, tags: tuple[str, ...], timeout: float) -> bool:
        """Add or remove tags; return whether the answer names the asset."""
        answer = self._http.call(
            "POST",
            f"{quote(asset.resource_type)}/tags",
            timeout,
            data={
                "command": op,
                "tag": ",".join(tags),
                "public_ids[]": [asset.public_id],
                "type": asset.type,
                "timestamp": str(int(time.time())),
            },
        )
        if answer.status_code == 404:  # a wrong address answers so too: reading the asset tells whether it is gone
            return False
        public_ids = body_of(answer).get("public_ids")
        return isinstance(public_ids, list) and asset.public_id in public_ids

    def resource(self, asset_id: str, timeout: float) -> dict[str, object]:
        """Return the Admin API's details of an asset; raises ``Missing`` where there is none."""
        answer = self._http.call("GET", f"resources/{parse_asset_id(asset_id)}", timeout)
        limits = rate_limit_of(answer)
        if limits is not None:
            self._on_limits(limits)
        if answer.status_code in (420, 429):
            raise BudgetExhausted(message_of(answer), delay=wait_of(answer, limits))
        return body_of(answer)
