"""The last steps of a setup: tests of the webhook and of the whole chain."""

from collections.abc import Mapping, Sequence
from typing import Any

from autotag_cli.errors import Failure
from autotag_cli.setup.destinations import destinations_of, webhook_of
from autotag_cli.setup.diagnosis import Diagnosis, diagnose
from autotag_cli.setup.probe import probe
from autotag_cli.setup.secret_document import signing_secrets
from autotag_cli.setup.steps import SetupContext, Step
from autotag_cli.setup.webhook_log import LogEntry, read_log
from autotag_cli.setup.webhook_ping import PATIENCE, ping_webhook

_WITHIN = {"webhook": 90.0, "poll": 180.0}
"""Seconds within which a notification becomes a state: two cold starts; a channel is emptied every minute."""


def check_webhook(context: SetupContext) -> Step:
    """Post a test notification signed with each secret; without a webhook there is nothing to test."""
    webhook = webhook_of(destinations_of(context.target.outputs))
    if webhook is None:
        return Step("door", "left out", "there is no webhook: notifications are fetched from the poll channel")
    secrets = signing_secrets(context.secret_store.read()[0])
    problem, fix = ping_webhook(context.environment, webhook, secrets, patience=PATIENCE)
    if problem:
        return Step("door", "failed", problem, fix)
    return Step("door", "done", f"{webhook} accepts what is signed with the keys that it knows: {', '.join(secrets)}")


def send_probe(context: SetupContext, within: float | None = None) -> Step:
    """Send a tiny image through the whole chain; if it does not arrive, name the link that failed."""
    if within is None:
        within = min(_WITHIN[destination.uri_type] for destination in destinations_of(context.target.outputs))
    since = context.environment.now()
    result = probe(context.environment, context.client, context.ops, within=within)
    if result.decision_seconds is not None:
        uploaded = f"uploaded in {result.upload_seconds:.1f} s"
        decided = f"signed, accepted, queued and decided in {result.decision_seconds:.1f} s"
        return Step("probe", "done", f"{result.public_id} {uploaded}, {decided}, and destroyed")
    diagnosis = _explain(context, since, result.asset_id)
    return Step(
        "probe",
        "failed",
        f"{result.public_id} did not arrive within {within:.0f} s: {diagnosis.problem}",
        diagnosis.fix,
    )


def _explain(context: SetupContext, since: float, asset_id: str) -> Diagnosis:
    health: Mapping[str, Any] = context.ops.health()
    log: Sequence[LogEntry]
    try:
        log = read_log(context.environment, context.target, since)
    except Failure as error:
        return Diagnosis(f"the cause is not known, {error}", "autotag doctor")
    polled = all(destination.uri_type == "poll" for destination in destinations_of(context.target.outputs))
    return diagnose(log, health, signing_secrets(context.secret_store.read()[0]), asset_id, polled=polled)
