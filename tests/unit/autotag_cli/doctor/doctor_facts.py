"""What the doctor finds of a stack where all is well, and of stacks where one thing is not."""

from typing import Any

from autotag.domain.model.health import RateLimit
from autotag.domain.sentences.operations.result import Unknown
from autotag_cli.cloudinary.account import Account
from autotag_cli.cloudinary.upload_presets import PresetPage
from autotag_cli.doctor.concurrency import Concurrency
from autotag_cli.doctor.facts import Clocks, Facts, PingResult
from autotag_cli.review.summary_view import QueueSummary
from autotag_cli.setup.destinations import ALL, Destination
from autotag_cli.setup.diagnosis import Diagnosis
from autotag_cli.setup.triggers import Trigger
from autotag_cli.setup.webhook_log import LogEntry
from tests.unit.autotag_cli.fake_admin_account import HOOK, NOW
from tests.unit.autotag_cli.fake_stack import DOCUMENT, OUTPUTS

BASE, EU = "https://api.cloudinary.com", "https://api-eu.cloudinary.com"
NOBODY = Unknown("somebody is down")
HEALTH: dict[str, Any] = {
    "now": "2026-10-08T12:00:00.000Z",
    "settings": {
        "cloudinary_api_base": BASE,
        "admin_reserve_percent": 20,
        "signature_max_skew_seconds": 300,
    },
    "due": {"intent": None, "poll": None},
    "queues": {name: {"waiting": 0, "in_flight": 0} for name in ("live", "live_dead", "bulk", "bulk_dead")},
    "budget": {"used": 3, "closed": False},
    "breaker": None,
    "rules": {
        "active": {"version": "a" * 64, "seq": 2, "name": "acme", "fault": None, "pushed_at": "2026-10-08T11:00:00Z"},
        "last_good": {"version": "a" * 64, "seq": 2, "name": "acme", "fault": None},
    },
    "last_audit": {"audit_id": "a1.1.x", "at": "2026-10-08T11:59:00.000Z", "outcome": "tagged"},
    "faults": {},
}


def trigger(event_type: str, uri: str = HOOK, **more: Any) -> Trigger:
    """Return a trigger that sends events of a type to a URL."""
    return Trigger(f"{event_type}@{uri}", uri, event_type, **{"auth_scheme": "legacy_hmac", **more})


def questions(**changes: Any) -> QueueSummary:
    """Return the summary of a review queue in which nothing waits, with changes."""
    nothing: dict[str, Any] = {"assets": 0, "questions": 0, "oldest": None, "tags": (), "folders": ()}
    return QueueSummary(**nothing | {"unindexed": 0, "partial": False} | changes)


TRIGGERS = tuple(trigger(event) for event in ALL)
WELL = Facts(
    option=" --stack prod",
    now=NOW,
    outputs=OUTPUTS,
    account=Account("demo", "222", "writer"),
    destinations=(Destination(HOOK, "webhook"),),
    stored_destinations=(HOOK,),
    document=(DOCUMENT, ""),
    health=HEALTH,
    providers=("aws_rek_tagging", "google_tagging"),
    service=PingResult(BASE),
    operator=PingResult(BASE),
    usage={"aws_rek_tagging": {"usage": 10, "limit": 100}, "objects": {"usage": 1}},
    triggers=TRIGGERS,
    presets=PresetPage([], more=False),
    limits=RateLimit(500, 450, int(NOW) + 1800),
    clocks=Clocks(0.4, -0.6),
    log=(LogEntry("accepted", 2, "111"),),
    webhook=Diagnosis(),
    questions=questions(),
    concurrency=Concurrency(1000, 1000, 5, 2),
    listeners=(),
)


def well(**changes: Any) -> Facts:
    """Return the facts of a stack where all is well, with changes."""
    return WELL._replace(**changes)


def healthy(**changes: Any) -> Facts:
    """Return facts in which the service reports other health."""
    return well(health=HEALTH | changes)
