"""What is wrong with a link between Cloudinary and the tags, and what to do about it: pure functions."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from autotag_cli.setup.webhook_log import LogEntry


class Diagnosis(NamedTuple):
    """What is wrong, and the command or the step that fixes it; both are "" if nothing is wrong."""

    problem: str = ""
    fix: str = ""


def diagnose(
    log: Sequence[LogEntry],
    health: Mapping[str, Any],
    known_keys: Iterable[str],
    asset_id: str,
    *,
    polled: bool = False,
) -> Diagnosis:
    """Return why the notification of an asset led to no stored state.

    ``log`` is what was logged about notifications since the upload, ``health`` the ops function's answer,
    ``known_keys`` the ids of the keys whose signatures are accepted. ``polled``: notifications are fetched from the
    poll channel, there is no webhook.
    """
    log = [entry for entry in log if not entry.assets or asset_id in entry.assets]
    refused = [entry for entry in log if entry.message == "rejected"]
    if refused:
        return _refused(refused[-1], known_keys)
    for entry in reversed(log):
        if entry.message == "unavailable":
            return Diagnosis(f"the notification could not be queued: {entry.error}", "autotag doctor")
        if entry.message == "malformed":
            return Diagnosis(f"the notification was not understood: {entry.error}", "autotag setup")
    if polled and not log:
        return Diagnosis(
            "nothing was fetched from the poll channel, or what was fetched is not in the log yet",
            "autotag doctor, in two minutes: it says whether the signature is refused",
        )
    if not any(entry.message == "accepted" for entry in log):
        return Diagnosis(
            "Cloudinary's notification has not arrived: it has not been sent yet, or cannot reach the stack",
            "autotag doctor, or see Console, Settings, Webhook Notifications",
        )
    return _after_acceptance(health)


def explain_mismatch(claimed: str, known_keys: Iterable[str]) -> Diagnosis:
    """Explain why no secret of the stack fits a signature; ``claimed`` is the notification's ``signature_key``."""
    signer = f"the key {claimed}" if claimed else "a key (its signature_key says which)"
    known_ids = ", ".join(known_keys)
    if claimed and claimed in known_ids.split(", "):
        return Diagnosis(
            f"Cloudinary signs with {signer}, for which the stack's secret holds another value",
            _enter(claimed),
        )
    return Diagnosis(
        f"Cloudinary signs with {signer}, its oldest active one, and the stack knows only {known_ids or 'none'}",
        _enter(claimed),
    )


def _enter(key: str) -> str:
    """Return how to enter a key's secret so that it never appears on a command line."""
    return f"autotag setup --signing-keys -, and type {key or 'ID'}:SECRET (Console, Settings, API Keys)"


def _refused(entry: LogEntry, known_keys: Iterable[str]) -> Diagnosis:
    match entry.rule:
        case "mismatch":
            return explain_mismatch(entry.claimed_key, known_keys)
        case "v2_only":
            return Diagnosis("the trigger signs by eddsa_v2 alone, which cannot be verified", "autotag setup")
        case "too_old" | "in_future":
            return Diagnosis(
                f"the notification is refused for its time ({entry.rule})", "set the clocks, then autotag doctor"
            )
        case _:
            return Diagnosis(f"the notification is refused ({entry.rule})", "autotag doctor")


def _after_acceptance(health: Mapping[str, Any]) -> Diagnosis:
    if health.get("breaker"):
        return Diagnosis(
            f"it is queued, but calls to Cloudinary are stopped: {health['breaker']['reason']}", "autotag doctor"
        )
    live = (health.get("queues") or {}).get("live", {})
    waiting = sum(live.values())
    if waiting:
        held = f"{waiting} messages are" if waiting > 1 else "1 message is"
        return Diagnosis(f"it is queued, and the worker has not finished it: {held} in the queue", "autotag doctor")
    return Diagnosis("it was queued, but the worker has not decided it", "autotag doctor")
