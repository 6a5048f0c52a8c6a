"""Which link of the chain did not answer a probe, and what to do about it: a pure function of what was found."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autotag_cli.setup.webhook_log import Entry
from autotag_cli.setup.webhook_ping import Knocked


def diagnosed(
    log: Sequence[Entry], health: Mapping[str, Any], ours: Iterable[str], asset_id: str, *, polled: bool = False
) -> Knocked:
    """Say why the notification of an asset became no state.

    ``log`` is what the door has logged since the upload, ``health`` what the ops function tells, ``ours`` the ids of
    the keys whose signatures are accepted. ``polled``: there is no door, notifications are fetched.
    """
    log = [entry for entry in log if not entry.assets or asset_id in entry.assets]
    refused = [entry for entry in log if entry.message == "rejected"]
    if refused:
        return _refused(refused[-1], ours)
    for entry in reversed(log):
        if entry.message == "unavailable":
            return Knocked(f"the door could not queue it: {entry.fault}", "autotag doctor")
        if entry.message == "malformed":
            return Knocked(f"the door did not understand it: {entry.fault}", "autotag setup")
    if polled and not log:
        return Knocked(
            "nothing was fetched from the poll channel, or what was fetched is not in the log yet",
            "autotag doctor, in two minutes: it says whether the signature is refused",
        )
    if not any(entry.message == "accepted" for entry in log):
        return Knocked(
            "Cloudinary's notification has not come: it has not been sent yet, or cannot reach the stack",
            "autotag doctor, or look at Console, Settings, Webhook Notifications",
        )
    return _behind_the_door(health)


def mismatch(claimed: str, ours: Iterable[str]) -> Knocked:
    """Explain a signature that none of our secrets made; ``claimed`` is the notification's ``signature_key``."""
    signer = f"the key {claimed}" if claimed else "a key (its signature_key says which)"
    known = ", ".join(ours)
    if claimed and claimed in known.split(", "):
        return Knocked(
            f"Cloudinary signs with {signer}, for which the stack's secret holds another value",
            _give(claimed),
        )
    return Knocked(
        f"Cloudinary signs with {signer}, its oldest active one, and the stack knows only {known or 'none'}",
        _give(claimed),
    )


def _give(key: str) -> str:
    """Return how to give a key's secret without it ever standing on a command line."""
    return f"autotag setup --signing-keys -, and type {key or 'ID'}:SECRET (Console, Settings, API Keys)"


def _refused(entry: Entry, ours: Iterable[str]) -> Knocked:
    match entry.rule:
        case "mismatch":
            return mismatch(entry.claimed_key, ours)
        case "v2_only":
            return Knocked("the trigger signs by eddsa_v2 alone, which nobody can verify", "autotag setup")
        case "too_old" | "in_future":
            return Knocked(f"the door refuses the notification's time ({entry.rule})", "set the clocks, autotag doctor")
        case _:
            return Knocked(f"the door refuses the notification ({entry.rule})", "autotag doctor")


def _behind_the_door(health: Mapping[str, Any]) -> Knocked:
    if health.get("breaker"):
        return Knocked(f"it is queued, but calls are stopped: {health['breaker']['reason']}", "autotag doctor")
    live = (health.get("queues") or {}).get("live", {})
    waiting = sum(live.values())
    if waiting:
        return Knocked(f"it is queued behind {waiting} messages, the worker does not get to it", "autotag doctor")
    return Knocked("it was queued, and the worker has not decided it", "autotag doctor")
