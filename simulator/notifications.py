"""Which notification an event causes, its body, and whom it is sent to."""

from typing import Any, NamedTuple

from simulator.accounts import Account
from simulator.assets import Asset
from simulator.bodies import Bodies
from simulator.clock import Clock, iso_microseconds, iso_offset
from simulator.delivery import Deliverer
from simulator.live import Live
from simulator.tags import Change


class Cause(NamedTuple):
    """Who caused an event (``source`` api or ui, ``id`` an API key or a person), and the URL a call named."""

    source: str
    id: str
    request_id: str
    notification_url: str = ""
    batch_id: str = ""


class Notifier:
    """Tells the URL that the call named, else the global URL if it wants that kind of event."""

    def __init__(self, account: Account, clock: Clock, live: Live, bodies: Bodies, deliverer: Deliverer) -> None:
        self._account = account
        self._clock = clock
        self._live = live
        self._bodies = bodies
        self._deliverer = deliverer

    def uploaded(self, asset: Asset, cause: Cause, **extra: Any) -> None:
        """An asset was uploaded, or acted on by ``explicit``."""
        body = {
            "notification_type": "upload",
            **self._when(cause),
            **self._bodies.upload(asset),
            **extra,
            "api_key": cause.id,
        }
        self._send("upload", body, [asset], cause)

    def categorized(self, asset: Asset, provider: str, cause: Cause) -> None:
        """A categorization that was pending has ended."""
        self._send("info", self._bodies.info(asset, provider), [asset], cause)

    def deleted(self, assets: list[Asset], cause: Cause) -> None:
        """Assets were deleted; told as one notification."""
        resources = [
            {
                **self._bodies.identity(asset),
                "version": asset.version,
                "asset_folder": asset.asset_folder,
                "display_name": asset.display_name,
            }
            for asset in assets
        ]
        self._send("delete", {"notification_type": "delete", "resources": resources}, assets, cause)

    def renamed(self, asset: Asset, from_public_id: str, cause: Cause) -> None:
        """An asset has another public_id now."""
        body = {
            "notification_type": "rename",
            **self._when(cause),
            "resource_type": asset.resource_type,
            "type": asset.type,
            "asset_id": asset.asset_id,
            "asset_folder": asset.asset_folder,
            "display_name": asset.display_name,
            "from_public_id": from_public_id,
            "to_public_id": asset.public_id,
        }
        self._send("rename", body, [asset], cause)

    def tags_changed(self, changes: list[tuple[Asset, Change]], cause: Cause) -> None:
        """Tags of existing assets were changed, by the API or by a person in the Console."""
        resources = [
            {
                **self._bodies.identity(asset),
                "added": list(change.added),
                "removed": list(change.removed),
                "updated": [],
            }
            for asset, change in changes
        ]
        body = {"notification_type": "resource_tags_changed", "source": cause.source, "resources": resources}
        self._send("resource_tags_changed", body, [asset for asset, _ in changes], cause)

    def context_changed(self, changes: list[tuple[Asset, dict[str, str]]], cause: Cause) -> None:
        """Contextual metadata of existing assets was changed; each comes with the context it had before."""
        resources = {
            asset.public_id: {**_context_change(before, asset.context), **self._bodies.identity(asset)}
            for asset, before in changes
        }
        body = {
            "notification_type": "resource_context_changed",
            "source": cause.source,
            "resources": resources,
        }
        self._send("resource_context_changed", body, [asset for asset, _ in changes], cause)

    def _when(self, cause: Cause) -> dict[str, str]:
        return {"timestamp": iso_offset(self._clock.now()), "request_id": cause.request_id}

    def _send(self, event: str, body: dict[str, Any], assets: list[Asset], cause: Cause) -> None:
        settings = self._live.settings
        # what a person does in the Console has no URL of its own, and is told whatever the events
        wanted = event in settings.events or cause.source == "ui"
        url = cause.notification_url or (settings.notification_url if wanted else None)
        if not url or not assets:
            return
        complete = {
            **body,
            **({"batch_id": cause.batch_id} if cause.batch_id else {}),
            "notification_context": {
                "triggered_at": iso_microseconds(self._clock.now()),
                "triggered_by": {"source": cause.source, "id": cause.id},
            },
            "signature_key": self._account.signing_key,
        }
        self._deliverer.send(url, complete, [asset.public_id for asset in assets])


def _context_change(before: dict[str, str], after: dict[str, str]) -> dict[str, list[dict[str, str]]]:
    def listed(pairs: dict[str, str]) -> list[dict[str, str]]:
        return [{"name": name, "value": value} for name, value in pairs.items()]

    return {
        "added": listed({k: v for k, v in after.items() if k not in before}),
        "removed": listed({k: v for k, v in before.items() if k not in after}),
        "updated": listed({k: v for k, v in after.items() if k in before and before[k] != v}),
    }
