"""Cloudinary hangs while notifications arrive, on the deployed stack; `make outage` does it for longer."""

import json
from pathlib import Path

from autotag.domain.errors import Missing
from local.clients.cloudinary import image_details, upload
from local.clients.functions import invoke_function
from local.clients.queues import message_count
from local.clients.simulator_control import seed_assets, set_mode
from local.core.waiting import until
from local.stack.stack import Stack
from local.stress.hanging import Hang, hanging, receives_used
from local.stress.library_steps import autotag_output
from tests.e2e.stack_client import SOON, audits, ops, wait_until_drained

COUNT = 60
LIVE = [f"e2e/hang/{n:06d}" for n in range(1, COUNT + 1)]
LATER = [f"e2e/hang-later/{n}/guitarist" for n in range(3)]
"""Assets that are pending when it begins to hang, and complete without a notification."""

AFTERWARDS = 60.0
"""Seconds within which everything is tagged once it answers again: a process tries again after half a minute."""


def sweep(stack: Stack) -> None:
    """Run a minute of the poller."""
    assert invoke_function(stack, "Poller", {"source": "aws.events"}).error is None


def reads_hang(stack: Stack, hang: Hang) -> bool:
    """Run a minute of the poller; return whether it read something."""
    sweep(stack)
    return hang.reads() > 0


def is_pending(stack: Stack, public_id: str) -> bool:
    """Whether the service knows an asset whose labels are still to come."""
    try:
        return bool(ops(stack).show(public_id)["status"] == "pending")
    except Missing:
        return False


def test_while_cloudinary_hangs_no_message_uses_a_receive_and_afterwards_everything_is_tagged_once(
    stack: Stack, folder: Path
) -> None:
    wait_until_drained(stack)
    used = receives_used(stack, folder)
    set_mode(stack, "e2e/hang-later/*", "poll", seconds=5)
    for public_id in LATER:
        upload(stack.simulator_url, public_id)
    until(lambda: all(is_pending(stack, public_id) for public_id in LATER), "the reads to be due soon", within=SOON)
    with hanging(stack) as hang:
        run = json.loads(autotag_output(stack, "retag", "--folder", "nowhere/**", "--yes", "--detach", "--json"))["id"]
        seed_assets(stack, "e2e/hang/", COUNT, within=SOON)
        until(lambda: reads_hang(stack, hang), "a read to hang", within=SOON, every=1)  # workers handle the rest
        until(lambda: not message_count(stack), "every message to be handled", within=SOON)
        assert hang.tag_calls() > 0 and hang.reads() > 0
        assert not any(audits(stack, public_id) for public_id in LIVE[:5] + LATER)
    assert receives_used(stack, folder) == used

    def tagged() -> bool:
        sweep(stack)
        return all(image_details(stack.simulator_url, public_id).get("tags") for public_id in LIVE + LATER)

    until(tagged, "everything to be tagged", within=AFTERWARDS, every=1)
    until(lambda: ops(stack).show_run(run)["status"] == "done", "the run to end", within=SOON)
    assert {len(audits(stack, public_id)) for public_id in LIVE + LATER} == {1}
    assert receives_used(stack, folder) == used
