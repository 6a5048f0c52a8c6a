"""The last steps of a setup: tests of the webhook and of the whole chain."""

from collections.abc import Mapping, Sequence
from typing import Any

from autotag_cli.errors import Failure
from autotag_cli.setup.destinations import destinations_of, webhook_of
from autotag_cli.setup.diagnosis import Diagnosis, diagnose
from autotag_cli.setup.probe import probe
from autotag_cli.setup.steps import Site, Step, signers
from autotag_cli.setup.webhook_log import Entry, entries
from autotag_cli.setup.webhook_ping import PATIENCE, ping_webhook

_WITHIN = {"webhook": 90.0, "poll": 180.0}
"""Seconds within which a notification becomes a state: two cold starts; a channel is emptied every minute."""


def check_webhook(site: Site) -> Step:
    """Post a test notification signed with each secret; without a webhook there is nothing to test."""
    webhook = webhook_of(destinations_of(site.target.outputs))
    if webhook is None:
        return Step("door", "left out", "there is no webhook: notifications are fetched from the poll channel")
    secrets = signers(site.secret_store.read()[0])
    problem, fix = ping_webhook(site.environment, webhook, secrets, patience=PATIENCE)
    if problem:
        return Step("door", "failed", problem, fix)
    return Step("door", "done", f"{webhook} accepts what is signed with {', '.join(secrets)}")


def send_probe(site: Site, within: float | None = None) -> Step:
    """Send a tiny image through the whole chain; if it does not arrive, name the link that failed."""
    if within is None:
        within = min(_WITHIN[destination.uri_type] for destination in destinations_of(site.target.outputs))
    since = site.environment.now()
    probed = probe(site.environment, site.client, site.ops, within=within)
    if probed.seen is not None:
        took = f"uploaded in {probed.uploaded:.1f} s, signed, accepted, queued and decided in {probed.seen:.1f} s"
        return Step("probe", "done", f"{probed.public_id} {took}, and destroyed")
    found = _explained(site, since, probed.asset_id)
    return Step(
        "probe", "failed", f"{probed.public_id} did not arrive within {within:.0f} s: {found.problem}", found.fix
    )


def _explained(site: Site, since: float, asset_id: str) -> Diagnosis:
    health: Mapping[str, Any] = site.ops.health()
    log: Sequence[Entry]
    try:
        log = entries(site.environment, site.target, since)
    except Failure as error:
        return Diagnosis(f"the cause is not known, {error}", "autotag doctor")
    polled = all(destination.uri_type == "poll" for destination in destinations_of(site.target.outputs))
    return diagnose(log, health, signers(site.secret_store.read()[0]), asset_id, polled=polled)
