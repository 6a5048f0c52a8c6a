"""Cloudinary's notifications API: the messages in a poll channel."""

from autotag.adapters.cloudinary.http import CloudinaryHttp, body_of
from autotag.domain.notifications.polled import Polled, parse_polled
from autotag.ports.runtime import Secrets

_AT_ONCE = 100
"""The most messages of one receive, and of one acknowledgement."""

_INVISIBLE = 60
"""Seconds for which other receivers do not get a message: far more than queueing a hundred takes."""

_GRACE = 10.0
"""Seconds that a receive may take beyond the wait that it asks the server for."""


class PollChannel:
    """Implements the ``Channel`` port over one named channel.

    No call is retried here: the next receive is the retry, and what was not acknowledged is delivered again.
    """

    def __init__(self, base: str, secrets: Secrets, name: str) -> None:
        self._http = CloudinaryHttp(base, secrets, api="v2/notifications", tries=1, patience=60 + _GRACE)
        self._name = name

    def receive(self, wait: int) -> list[Polled]:
        """Return the messages that wait, or the first that comes within ``wait`` seconds (60 at most), or none."""
        query = [
            ("channel", self._name),
            ("max_messages", str(_AT_ONCE)),
            ("wait_seconds", str(wait)),
            ("visibility_timeout", str(_INVISIBLE)),
        ]
        return parse_polled(body_of(self._http.call("GET", "messages", wait + 2 * _GRACE, fields=query)))

    def acknowledge(self, receipt_handles: list[str]) -> None:
        """Remove messages from the channel for good."""
        for start in range(0, len(receipt_handles), _AT_ONCE):
            some = {"receipt_handles": receipt_handles[start : start + _AT_ONCE]}
            body_of(self._http.call("POST", "messages/ack", 2 * _GRACE, json=some))
