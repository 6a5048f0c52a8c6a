"""Cloudinary over HTTP: the Upload API's ``tags`` and the Admin API's ``resource``."""

import time
from collections.abc import Callable, Mapping
from urllib.parse import quote

from autotag.adapters.cloudinary.circuit import Circuit
from autotag.adapters.cloudinary.http import CloudinaryHttp, Fields, body_of, message_of, rate_limit_of, wait_of
from autotag.domain.errors import BudgetExhausted, Retryable
from autotag.domain.model.asset import AssetRef, parse_asset_id
from autotag.domain.model.health import RateLimit
from autotag.domain.runs.run import BackfillSource
from autotag.domain.state.asset_state import Op
from autotag.ports.cloudinary import ApiName
from autotag.ports.runtime import Secrets


class CloudinaryApi:
    """Implements the ``Cloudinary`` port. Threads share it.

    ``on_limits`` gets the rate limit from the Admin API's headers, and ``circuits`` learn which API answers.
    """

    def __init__(
        self, base: str, secrets: Secrets, on_limits: Callable[[RateLimit], None], circuits: Mapping[ApiName, Circuit]
    ) -> None:
        self._secrets, self._on_limits = secrets, on_limits
        self._upload = CloudinaryHttp(base, secrets, circuit=circuits["upload"])
        self._upload_once = CloudinaryHttp(base, secrets, circuit=circuits["upload"], tries=1)
        self._admin = CloudinaryHttp(base, secrets, circuit=circuits["admin"])

    def own_keys(self, *, newest: bool = False) -> frozenset[str]:
        """Return the API keys that this service calls with, and called with before; ``newest`` reads them anew."""
        return self._secrets.credentials(newest=newest).own_keys()

    def keeps_tags(self) -> bool | None:
        """Return whether an upload that overwrites an asset keeps its tags; None if that is not known."""
        return self._secrets.credentials().keeps_tags

    def change_tags(self, asset: AssetRef, op: Op, tags: tuple[str, ...], timeout: float) -> bool:
        """Add or remove tags; return whether the response names the asset."""
        named = self.change_tags_of(asset.resource_type, asset.type, (asset.public_id,), op, tags, timeout)
        return asset.public_id in named

    def change_tags_of(
        self, resource_type: str, type_: str, public_ids: tuple[str, ...], op: Op, tags: tuple[str, ...], timeout: float
    ) -> frozenset[str]:
        """Add or remove the same tags of up to 1,000 assets; return the public_ids that the response names."""
        fields = [
            ("command", op),
            ("tag", ",".join(tags)),
            *(("public_ids[]", public_id) for public_id in public_ids),
            ("type", type_),
            ("timestamp", str(int(time.time()))),
        ]
        answer = self._upload.call("POST", f"{quote(resource_type)}/tags", timeout, fields=fields)
        if answer.status == 404:  # a wrong address gives it too: only a read shows whether assets are gone
            return frozenset()
        named = body_of(answer).get("public_ids")
        return frozenset(map(str, named)) if isinstance(named, list) else frozenset()

    def listed(
        self, listing: BackfillSource, cursor: str, limit: int, timeout: float
    ) -> tuple[list[dict[str, object]], str | None]:
        """Return a page of the Admin API's list of assets, and the next page's cursor."""
        params = {"max_results": str(limit), "prefix": listing.prefix, "next_cursor": cursor}
        path = f"resources/{listing.resource_type}/{listing.type}"
        body = self._read(path, timeout, [(name, value) for name, value in params.items() if value])
        resources, after = body.get("resources"), body.get("next_cursor")
        if not isinstance(resources, list):
            raise Retryable("Cloudinary's list of assets is not understood")
        return [entry for entry in resources if isinstance(entry, dict)], str(after) if after else None

    def categorize(self, asset: AssetRef, provider: str, timeout: float) -> dict[str, object]:
        """Have an add-on categorize an asset: the Upload API's ``explicit``, which no hourly limit counts.

        The call is not retried here, since each one may cost a unit.
        """
        fields = [
            ("public_id", asset.public_id),
            ("type", asset.type),
            ("categorization", provider),
            ("timestamp", str(int(time.time()))),
        ]
        path = f"{quote(asset.resource_type)}/explicit"
        return body_of(self._upload_once.call("POST", path, timeout, fields=fields))

    def resource(self, asset_id: str, timeout: float) -> dict[str, object]:
        """Return the Admin API's details of an asset; raises ``Missing`` if it does not exist."""
        return self._read(f"resources/{parse_asset_id(asset_id)}", timeout)

    def _read(self, path: str, timeout: float, query: Fields = ()) -> dict[str, object]:
        answer = self._admin.call("GET", path, timeout, fields=query)
        limits = rate_limit_of(answer.headers)
        if limits is not None:
            self._on_limits(limits)
        if answer.status in (420, 429):
            raise BudgetExhausted(message_of(answer), delay=wait_of(answer, limits))
        return body_of(answer)
