"""Poll channels that a stack has left by a change of ``Intake`` or ``PollChannel``, and what still waits in them."""

from collections.abc import Iterable
from typing import NamedTuple

from autotag.domain.notifications.polled import Polled, parse_polled
from autotag_cli.cloudinary.client import CloudinaryClient
from autotag_cli.stack.target import Transport

_MOST = 100
"""The most messages of one receive (pycloudinary 1.46, ``api.notifications``)."""

_HIDDEN = 30
"""Seconds for which the messages are hidden while they are posted."""

_HANDLED = (200, 400, 413)
"""Statuses of the webhook after which Cloudinary's next attempt would change nothing."""


class LeftChannel(NamedTuple):
    """A channel that no function fetches from any more; at ``waiting`` of ``_MOST`` there may be more."""

    uri: str
    waiting: int

    def finding(self) -> str:
        """Return in words what waits."""
        count = f"{self.waiting}{' or more' if self.waiting >= _MOST else ''}"
        verb = "waits" if self.waiting == 1 else "wait"
        return f"{count} notification{'' if self.waiting == 1 else 's'} still {verb} in {self.uri}"

    def fix(self) -> str:
        """Return how the notifications are fetched after all."""
        name = self.uri.removeprefix("poll://")
        return (
            f'make deploy SET="Intake=both PollChannel={name}", then autotag setup, and after a minute the Intake that '
            "you want, then autotag setup (docs/operations.md, Changing Intake)"
        )


def read_left_channels(client: CloudinaryClient, uris: Iterable[str]) -> list[LeftChannel]:
    """Return the channels in which something waits, without taking it out; raises what the client raises."""
    counted = (LeftChannel(uri, len(_received(client, uri, hidden=1))) for uri in uris)
    return [channel for channel in counted if channel.waiting]


def post_left_notifications(client: CloudinaryClient, uri: str, webhook: str, post: Transport) -> int:
    """Post what waits in a left channel to the stack's webhook, and return how many notifications it took.

    The bytes and the signature are Cloudinary's own, so the webhook verifies them as if they had come at once. What it
    refuses, since its key is not known or it is too old, stays in the channel. Raises what the clients raise.
    """
    taken = 0
    while messages := _received(client, uri, hidden=_HIDDEN):
        handled = [each.receipt_handle for each in messages if _posted(each, webhook, post) in _HANDLED]
        if handled:
            client.acknowledge_notifications(handled)
        taken += len(handled)
        if len(messages) < _MOST:
            break
    return taken


def _received(client: CloudinaryClient, uri: str, *, hidden: int) -> list[Polled]:
    return parse_polled(client.receive_notifications(uri.removeprefix("poll://"), _MOST, hidden=hidden))


def _posted(message: Polled, webhook: str, post: Transport) -> int:
    headers = {"Content-Type": "application/json", **message.headers}
    return post(webhook, headers, message.body).status
