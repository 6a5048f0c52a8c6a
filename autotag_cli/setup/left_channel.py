"""Poll channels that a stack has left by a change of ``Intake`` or ``PollChannel``, and what still waits in them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from autotag_cli.cloudinary.client import CloudinaryClient
from autotag_cli.setup.destinations import Destination, same_destination

_MOST = 100
"""The most messages of one receive (pycloudinary 1.46, ``api.notifications``)."""


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


def left_uris(stored: Iterable[str], destinations: Sequence[Destination]) -> list[str]:
    """Return the poll channels among the ``stored`` destinations that are not among the present ones."""
    now = [destination.uri for destination in destinations]
    return [uri for uri in stored if uri.startswith("poll://") and not any(same_destination(uri, each) for each in now)]


def read_left_channels(client: CloudinaryClient, uris: Iterable[str]) -> list[LeftChannel]:
    """Return the channels in which something waits, without taking it out; raises what the client raises."""
    counted = (LeftChannel(uri, client.count_notifications(uri.removeprefix("poll://"), _MOST)) for uri in uris)
    return [channel for channel in counted if channel.waiting]
