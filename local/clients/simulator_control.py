"""The control API of the simulated Cloudinary: to set it up, and to read what it received."""

from typing import Any

from local.core.loopback_http import json_request
from local.core.waiting import until
from local.stack.stack import Stack

Tags = dict[str, set[str]]
"""Tags of assets by their public_id."""

_BATCH = 8
"""Notifications in flight: each that has to wait would start one more process of the webhook."""


def simulator_control(stack: Stack, method: str, path: str, **options: Any) -> dict[str, Any]:
    """Call the control API and return its answer. Raises ``requests.HTTPError``."""
    return json_request(method, f"{stack.simulator_url}/_simulator/{path}", **options)


def set_mode(stack: Stack, public_id: str, mode: str, **options: str | float) -> None:
    """Set the mode of categorization for ``public_id`` (a glob): complete, info, poll, failed or none."""
    simulator_control(stack, "PUT", "mode", json={"public_id": public_id, "mode": mode, **options})


def is_polled(stack: Stack) -> bool:
    """Return whether a client waits for messages of a poll channel right now."""
    return bool(simulator_control(stack, "GET", "messages")["polls"])


def add_fault(stack: Stack, match: dict[str, Any], fault: dict[str, Any]) -> int:
    """Inject ``fault`` into the API calls that ``match``; return the number by which it can be removed."""
    return int(simulator_control(stack, "POST", "faults", json={"match": match, "fault": fault})["id"])


def times_applied(stack: Stack, number: int) -> int:
    """Return to how many API calls a fault has been applied by now."""
    faults = simulator_control(stack, "GET", "faults")["faults"]
    return next(int(fault["struck"]) for fault in faults if fault["id"] == number)


def seed_assets(stack: Stack, prefix: str, count: int, *, within: float, **options: Any) -> None:
    """Create ``count`` assets named ``prefix`` plus a number, a few at a time, and send their notifications.

    They are in the folder that the path of ``prefix`` names.
    Raises ``LocalError`` if a few are not delivered ``within`` seconds.
    """

    def delivered() -> bool:
        return not simulator_control(stack, "GET", "health")["background"]

    for first in range(1, count + 1, _BATCH):
        size = min(_BATCH, count + 1 - first)
        batch = {"count": size, "first": first, "prefix": prefix, "asset_folder": prefix.rpartition("/")[0]}
        simulator_control(stack, "POST", "seed", json={**batch, "notifications": "sent", **options})
        until(delivered, "the notifications to be delivered", within=within, every=0.02)


def tags_of(stack: Stack, prefix: str) -> Tags:
    """Return the tags of the assets whose public_ids begin with ``prefix``."""
    assets = simulator_control(stack, "GET", "assets")["assets"]
    return {asset["public_id"]: set(asset.get("tags", [])) for asset in assets if asset["public_id"].startswith(prefix)}


def recorded_calls(stack: Stack, **criteria: str) -> list[dict[str, Any]]:
    """Return the API calls that the simulator has answered and that match ``criteria``, oldest first."""
    calls: list[dict[str, Any]] = simulator_control(stack, "GET", "calls", params=criteria)["calls"]
    return calls


def detect_calls(stack: Stack) -> list[dict[str, Any]]:
    """Return the calls of DetectLabels that the local Rekognition has answered, oldest first."""
    calls: list[dict[str, Any]] = simulator_control(stack, "GET", "rekognition/calls")["calls"]
    return calls
