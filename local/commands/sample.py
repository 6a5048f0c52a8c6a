"""Two sample assets: the labels of one come at once, those of the other with a later notification."""

from typing import Final

from local.clients.autotag_command import audited
from local.clients.cloudinary import set_mode, upload
from local.stack.stack import Stack

AT_ONCE: Final = "guitarist"
LATER: Final = "zoo/koala5"


def upload_samples(stack: Stack) -> None:
    """Upload both to the simulated Cloudinary, and wait until the stack has tagged them. Raises ``LocalError``."""
    upload(stack.simulator_url, AT_ONCE)
    set_mode(stack.simulator_url, LATER, "info", seconds=2)
    upload(stack.simulator_url, LATER)
    for public_id in (AT_ONCE, LATER):
        audited(stack, public_id, "tagged", within=45)
