"""Two sample assets: the labels of one come at once, those of the other with a later notification."""

from typing import Final

from local.clients.autotag_command import wait_for_audit
from local.clients.cloudinary import upload
from local.clients.simulator_control import set_mode
from local.stack.stack import Stack

LABELS_AT_ONCE: Final = "guitarist"
LABELS_LATER: Final = "zoo/koala5"


def upload_samples(stack: Stack) -> None:
    """Upload both to the simulated Cloudinary, and wait until the stack has tagged them. Raises ``LocalError``."""
    upload(stack.simulator_url, LABELS_AT_ONCE)
    set_mode(stack, LABELS_LATER, "info", seconds=2)
    upload(stack.simulator_url, LABELS_LATER)
    for public_id in (LABELS_AT_ONCE, LABELS_LATER):
        wait_for_audit(stack, public_id, "tagged", within=45)
