"""When an upload that overwrites begins, to distinguish what it has sent from what was there before."""

from collections.abc import Callable

from autotag_cli.cloudinary.client import CloudinaryClient


def begin(client: CloudinaryClient, sleep: Callable[[float], None]) -> int:
    """Return a moment in unix seconds at Cloudinary that no upload of before has, and each from now on or a later one.

    A ``version`` is in whole seconds, so that the one under way must be over first.
    """
    now = client.time()
    sleep(1.0)
    return now + 1
