"""The notification that an event causes: its type, its body, and its destinations."""

import json
import secrets
from typing import Any

from simulator.assets.assets import Asset
from simulator.assets.bodies import AssetBodies, identity
from simulator.core.clock import Clock, iso_microseconds, iso_offset
from simulator.core.events import Event
from simulator.notifications.changes import Edit, resources_by_event
from simulator.notifications.delivery import Deliverer
from simulator.notifications.destinations import Cause, Destinations
from simulator.notifications.notification_signing import NotificationSigner
from simulator.notifications.outgoing import OutgoingNotification


class Notifier:
    """The sender of notifications: each destination of an event gets one."""

    def __init__(
        self,
        clock: Clock,
        bodies: AssetBodies,
        signer: NotificationSigner,
        destinations: Destinations,
        deliverer: Deliverer,
    ) -> None:
        self._clock = clock
        self._bodies = bodies
        self._signer = signer
        self._destinations = destinations
        self._deliverer = deliverer

    def uploaded(self, asset: Asset, cause: Cause, **extra: Any) -> None:
        """Notify that an asset was uploaded, or acted on by ``explicit``."""
        body = {
            "notification_type": "upload",
            **self._time_and_request(cause),
            **self._bodies.upload_fields(asset, **extra),
            **({"api_key": cause.id} if cause.id else {}),  # an unsigned upload has no key
        }
        self._send("upload", body, [asset.public_id], cause)

    def categorized(self, asset: Asset, provider: str, cause: Cause) -> None:
        """Notify that a categorization that was pending has ended."""
        self._send("info", self._bodies.info_notification(asset, provider), [asset.public_id], cause)

    def deleted(self, assets: list[Asset], cause: Cause) -> None:
        """Notify that assets were deleted, with one notification for all."""
        resources = [
            {**identity(asset), "version": asset.version, **self._bodies.dynamic_names(asset)} for asset in assets
        ]
        public_ids = [asset.public_id for asset in assets]
        self._send("delete", {"notification_type": "delete", "resources": resources}, public_ids, cause)

    def renamed(self, asset: Asset, from_public_id: str, cause: Cause) -> None:
        """Notify that an asset has another public_id now."""
        body = {
            "notification_type": "rename",
            **self._time_and_request(cause),
            "resource_type": asset.resource_type,
            "type": asset.type,
            "asset_id": asset.asset_id,
            **self._bodies.dynamic_names(asset),
            "from_public_id": from_public_id,
            "to_public_id": asset.public_id,
        }
        self._send("rename", body, [asset.public_id], cause)

    def folder_renamed(self, from_path: str, to_path: str, cause: Cause) -> None:
        """Notify that a folder and its contents have another path now. The notification does not list the assets.

        Source: cloudinary.com/documentation/notifications; the value of ``status`` is from memory, not confirmed.
        """
        body = {
            "notification_type": "move_or_rename_asset_folder",
            **self._time_and_request(cause),
            "from_path": from_path,
            "to_path": to_path,
            "status": "complete",
        }
        self._send("move_or_rename_asset_folder", body, [to_path], cause)

    def edited(self, edits: list[Edit], cause: Cause) -> None:
        """Notify that the API or a person in the Console changed assets: one notification for each type of change."""
        for event, resources in resources_by_event(edits).items():
            assets = resources if isinstance(resources, list) else resources.values()
            body = {"notification_type": event, "source": cause.source, "resources": resources}
            self._send(event, body, [str(asset["public_id"]) for asset in assets], cause)

    def _time_and_request(self, cause: Cause) -> dict[str, str]:
        return {"timestamp": iso_offset(self._clock.now()), "request_id": cause.request_id}

    def _send(self, event: Event, body: dict[str, Any], public_ids: list[str], cause: Cause) -> None:
        if not public_ids:
            return
        complete = {
            **body,
            **({"batch_id": cause.batch_id} if cause.batch_id else {}),
            "notification_context": {
                "triggered_at": iso_microseconds(self._clock.now()),
                "triggered_by": {"source": cause.source, "id": cause.id},
            },
            "signature_key": self._signer.key,
        }
        batch_id = cause.batch_id or secrets.token_hex(32)
        for destination, destination_body in self._destinations.select(event, complete, cause):
            text = json.dumps(destination_body, ensure_ascii=False, separators=(",", ":"))
            self._deliverer.send(OutgoingNotification(destination, event, public_ids, text, self._signer.key, batch_id))
