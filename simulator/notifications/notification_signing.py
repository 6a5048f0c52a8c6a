"""Signatures of notifications: the secret, the digest, the headers."""

import base64
import hashlib

from msgspec import Struct

from simulator.accounts.accounts import Account
from simulator.core.live_settings import LiveSettings
from simulator.core.signing import sign_notification
from simulator.faults.delivery_faults import DeliveryFault
from simulator.notifications.outgoing import OutgoingNotification


class NotificationSignature(Struct, frozen=True):
    """The legacy signature, the signature of version 2, and the time that both cover, in unix seconds."""

    timestamp: int
    signature: str
    signature_v2: str

    def headers(self, auth_scheme: str) -> dict[str, str]:
        """Return the headers of a notification under ``auth_scheme``."""
        headers = {"Content-Type": "application/json", "X-Cld-Timestamp": str(self.timestamp)}
        if auth_scheme != "eddsa_v2":
            headers["X-Cld-Signature"] = self.signature
        if auth_scheme != "legacy_hmac":
            headers["X-Cld-Signature_v2"] = self.signature_v2
        return headers


class NotificationSigner:
    """The signer of notifications. Its key is the one that the settings name, else the account's oldest."""

    def __init__(self, account: Account, settings: LiveSettings) -> None:
        self._account = account
        self._settings = settings

    @property
    def key(self) -> str:
        """The id of the current signing key."""
        return self._settings.current.signing_key or self._account.oldest_key

    def sign(self, outgoing: OutgoingNotification, at: float, fault: DeliveryFault) -> NotificationSignature:
        """Sign ``outgoing`` as of ``at`` (unix seconds), with the key that its body names."""
        timestamp, secret = int(at - fault.age), self._account.keys[outgoing.key]
        if fault.wrong_signature:
            secret = f"not {secret}"
        settings = self._settings.current
        algorithm = "sha256" if settings.sha256_signatures else settings.notification_algorithm
        signature = sign_notification(outgoing.body, timestamp, secret, algorithm)
        return NotificationSignature(timestamp, signature, _version_2(f"{outgoing.body}{timestamp}{secret}"))


def _version_2(text: str) -> str:
    """Return 64 bytes as base64, the size of an Ed25519 signature: what Cloudinary signs is not published."""
    return base64.b64encode(hashlib.sha512(text.encode()).digest()).decode()
