"""The control API of the simulated Cloudinary: to set it up, and to read what it received."""

from typing import Any

from local.core.loopback_http import http_request
from local.core.waiting import until
from local.stack.stack import Stack

Tags = dict[str, set[str]]
"""Tags of assets by their public_id."""

_AT_ONCE = 8
"""Notifications in flight: each that has to wait would start one more process of the webhook."""


def simulator(stack: Stack, method: str, path: str, **options: Any) -> dict[str, Any]:
    """Call the control API and return its answer. Raises ``requests.HTTPError``."""
    answer = http_request(method, f"{stack.simulator_url}/_simulator/{path}", **options)
    answer.raise_for_status()
    body: dict[str, Any] = answer.json()
    return body


def seed(stack: Stack, prefix: str, count: int, *, within: float, **more: Any) -> None:
    """Create ``count`` assets named ``prefix`` plus a number, a few at a time, and send their notifications.

    Raises ``LocalError`` if a few are not delivered ``within`` seconds.
    """

    def delivered() -> bool:
        return not simulator(stack, "GET", "health")["background"]

    for first in range(1, count + 1, _AT_ONCE):
        some = {"count": min(_AT_ONCE, count + 1 - first), "first": first, "prefix": prefix, "notifications": "sent"}
        simulator(stack, "POST", "seed", json=some | more)
        until(delivered, "the notifications to be delivered", within=within, every=0.02)


def tags_of(stack: Stack, prefix: str) -> Tags:
    """Return the tags of the assets whose public_ids begin with ``prefix``."""
    assets = simulator(stack, "GET", "assets")["assets"]
    return {each["public_id"]: set(each.get("tags", [])) for each in assets if each["public_id"].startswith(prefix)}


def calls(stack: Stack, **criteria: str) -> list[dict[str, Any]]:
    """Return the calls that the simulator has answered and that match ``criteria``, oldest first."""
    found: list[dict[str, Any]] = simulator(stack, "GET", "calls", params=criteria)["calls"]
    return found
