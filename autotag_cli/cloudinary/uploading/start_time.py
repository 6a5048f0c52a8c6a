"""The start of an overwriting upload, to distinguish what it has sent from what was there before."""

from collections.abc import Callable

from autotag_cli.cloudinary.client import CloudinaryClient


def start_time(client: CloudinaryClient, sleep: Callable[[float], None]) -> int:
    """Return a time in unix seconds at Cloudinary: later than every earlier upload, and not later than any from now on.

    A ``version`` is in whole seconds, so the current second must end first.
    """
    now = client.time()
    sleep(1.0)
    return now + 1
