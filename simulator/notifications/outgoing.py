"""A notification that is ready to send: its text and its destination."""

from msgspec import Struct

from simulator.notifications.triggers import AuthScheme

POLL = "poll://"


class Destination(Struct, frozen=True):
    """A URL, or ``poll://<channel>`` or ``poll://*``, and which signatures its notifications carry."""

    uri: str
    auth_scheme: AuthScheme = "legacy_hmac"


class OutgoingNotification(Struct, frozen=True):
    """One notification for one destination. ``key`` is the id of the access key whose secret signs it."""

    destination: Destination
    event: str
    public_ids: list[str]
    body: str
    key: str
    batch_id: str
