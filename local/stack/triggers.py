"""The notification triggers of a local stack, created as ``autotag setup`` creates them."""

from collections.abc import Mapping

from autotag.domain.errors import AutotagError
from autotag_cli.cloudinary.account import Account
from autotag_cli.cloudinary.client import CloudinaryClient
from autotag_cli.setup.destinations import destinations_of
from autotag_cli.setup.intake.trigger_steps import apply_action
from autotag_cli.setup.trigger_plan import plan
from autotag_cli.setup.triggers import Triggers
from local.core.credentials import CLOUD_NAME, WRITER_KEY, WRITER_SECRET
from local.core.errors import LocalError


def create_triggers(simulator_url: str, outputs: Mapping[str, str]) -> None:
    """Create triggers that send events to the stack's webhook and its poll channel. Raises ``LocalError``."""
    triggers = Triggers(CloudinaryClient(Account(CLOUD_NAME, WRITER_KEY, WRITER_SECRET, simulator_url)))
    try:
        for action in plan(triggers.fetch(), destinations_of(outputs)):
            apply_action(triggers, action)
    except AutotagError as error:
        raise LocalError(f"The triggers could not be created: {error}.") from error
