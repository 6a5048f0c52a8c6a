"""Every line of the doctor in each of its states, with what mends it."""

from typing import Any

import pytest

from autotag.domain.model.health import RateLimit
from autotag_cli.cloudinary.account import Account
from autotag_cli.doctor.checks import account as account_lines
from autotag_cli.doctor.checks import notifications as notification_lines
from autotag_cli.doctor.checks import service as service_lines
from autotag_cli.doctor.checks.result import Result, Unknown
from autotag_cli.doctor.facts import Clocks, Facts, PingResult
from autotag_cli.setup.destinations import ALL, Destination
from autotag_cli.setup.diagnosis import Diagnosis
from autotag_cli.setup.triggers import Trigger
from autotag_cli.setup.webhook_log import LogEntry
from tests.unit.autotag_cli.fake_stack import DOCUMENT, HOOK, NOW, OUTPUTS

BASE, EU = "https://api.cloudinary.com", "https://api-eu.cloudinary.com"
OLD = "https://old.lambda-url.eu-west-1.on.aws/"
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
    return Trigger(f"{event_type}@{uri}", uri, event_type, **{"auth_scheme": "legacy_hmac", **more})


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
    limits=RateLimit(500, 450, int(NOW) + 1800),
    clocks=Clocks(0.4, -0.6),
    log=(LogEntry("accepted", 2, "111"),),
    webhook=Diagnosis(),
)


def well(**changes: Any) -> Facts:
    return WELL._replace(**changes)


def healthy(**changes: Any) -> Facts:
    return well(health=HEALTH | changes)


def unreadable(name: str) -> Facts:
    return healthy(faults={name: "somebody is down"}, **{name: None})


def document(**changes: Any) -> Facts:
    return well(document=({**DOCUMENT, **changes}, ""))


def rejected(at: int, claimed: str = "", rule: str = "mismatch") -> LogEntry:
    return LogEntry("rejected", at, claimed_key=claimed, rule=rule)


def due(kind: str, at: str) -> Facts:
    return healthy(due={"intent": None, "poll": None, kind: {"asset_id": "a9", "due_at": f"2026-10-08T{at}.000Z"}})


def rules(**changes: Any) -> Facts:
    return healthy(rules={**HEALTH["rules"], "active": HEALTH["rules"]["active"] | changes})


def queues(**waiting: int) -> Facts:
    return healthy(queues=HEALTH["queues"] | {name: {"waiting": n, "in_flight": 0} for name, n in waiting.items()})


REFUSED, LIMITED = PingResult(BASE, 401, "no"), PingResult(BASE, 420, "limit")
ACCOUNT: list[tuple[Any, Facts, str, str, str]] = [
    (account_lines.secret, WELL, "ok", "the API key 222 of demo", ""),
    (account_lines.secret, well(document=NOBODY), "fail", "somebody is down", "sign in to AWS"),
    (account_lines.secret, well(document=({}, "it holds nothing yet")), "fail", "nothing yet", "autotag setup"),
    (account_lines.credentials, WELL, "ok", "accepts the API key 222, which CLOUDINARY_URL has too", ""),
    (account_lines.credentials, well(service=LIMITED), "ok", "accepts", ""),
    (account_lines.credentials, well(account=Unknown("is not set")), "ok", "not compared", ""),
    (account_lines.credentials, well(account=Account("demo", "111", "x")), "warn", "another, 111", "autotag setup"),
    (account_lines.credentials, well(account=Account("demo", "222", "x")), "warn", "another secret", "autotag setup"),
    (account_lines.credentials, well(service=REFUSED), "fail", "does not accept", "autotag setup --stack prod"),
    (account_lines.credentials, well(service=None), "fail", "there are none", "autotag setup"),
    (
        account_lines.credentials,
        well(service=PingResult(BASE, None, "down")),
        "fail",
        "could not be tried: down",
        "later",
    ),
    (account_lines.cloud, WELL, "ok", "works on demo", ""),
    (account_lines.cloud, well(account=Unknown("is not set")), "ok", "works on demo", ""),
    (account_lines.cloud, well(account=Account("other", "1", "x")), "fail", "CLOUDINARY_URL names other", "--stack"),
    (account_lines.cloud, well(document=({}, "nothing")), "fail", "names none", "autotag setup"),
    (account_lines.data_center, WELL, "ok", f"{BASE} answers for this cloud", ""),
    (account_lines.data_center, well(service=REFUSED), "ok", "answers", ""),
    (
        account_lines.data_center,
        well(service=REFUSED, operator=PingResult(EU)),
        "fail",
        f"{EU} answers for this cloud",
        f"CloudinaryApiBase={EU}",
    ),
    (
        account_lines.data_center,
        well(service=PingResult(BASE, None, "it timed out"), operator=None),
        "fail",
        "does not answer: it timed out",
        "wait",
    ),
    (account_lines.data_center, well(service=REFUSED, operator=REFUSED), "warn", "accepts no credentials", ""),
    (account_lines.data_center, well(health=NOBODY), "warn", "not known: somebody is down", ""),
    (account_lines.add_on, WELL, "ok", "aws_rek_tagging 10 of 100 units used", ""),
    (account_lines.add_on, well(usage={"aws_rek_tagging": {"usage": 7}}), "ok", "without a limit", ""),
    (account_lines.add_on, well(usage={"aws_rek_tagging": {"usage": 91, "limit": 100}}), "warn", "few", "plan"),
    (account_lines.add_on, well(usage={"aws_rek_tagging": {"usage": 100, "limit": 100}}), "fail", "no units", "plan"),
    (
        account_lines.add_on,
        well(usage={n: {"usage": u, "limit": 9} for n, u in (("aws_rek_tagging", 9), ("google_tagging", 0))}),
        "warn",
        "few",
        "plan",
    ),
    (account_lines.add_on, well(usage={}), "fail", "no subscription to aws_rek_tagging or google_tagging", "subscribe"),
    (account_lines.add_on, well(usage={}, providers=NOBODY), "fail", "to aws_rek_tagging, whose", "subscribe"),
    (account_lines.add_on, well(usage=NOBODY), "warn", "not known: somebody is down", ""),
    (account_lines.admin_budget, WELL, "ok", "450 of 500 are left until 12:30 UTC", ""),
    (account_lines.admin_budget, well(limits=RateLimit(500, 100, int(NOW) + 1800)), "warn", "reserve 100", "12:30"),
    (
        account_lines.admin_budget,
        healthy(budget={"used": 9, "closed": True}),
        "warn",
        "leaves to other programs",
        "12:30",
    ),
    (
        account_lines.admin_budget,
        well(limits=RateLimit(500, 0, int(NOW) + 1800)),
        "fail",
        "0 of 500",
        "wait until 12:30",
    ),
    (account_lines.admin_budget, well(limits=RateLimit(500, 50, int(NOW)), health=NOBODY), "ok", "50 of 500", ""),
    (account_lines.admin_budget, well(limits=None), "warn", "not known", ""),
]
V2 = (*TRIGGERS[1:], trigger("upload", auth_scheme="eddsa_v2"))
OVERWRITES: list[tuple[Any, Facts, str, str, str]] = [
    (account_lines.overwrites, document(keeps_tags=False), "ok", "clears the tags", ""),
    (account_lines.overwrites, document(keeps_tags=True), "ok", "keeps the tags", ""),
    (account_lines.overwrites, document(keeps_tags=None), "warn", "it is not known whether", "setup --stack prod"),
    (account_lines.overwrites, well(document=({}, "nothing")), "warn", "not known: it depends", ""),
]
NOTIFICATIONS: list[tuple[Any, Facts, str, str, str]] = [
    (notification_lines.triggers, WELL, "ok", f"{', '.join(ALL)} -> {HOOK}", ""),
    (
        notification_lines.triggers,
        well(triggers=[each for each in TRIGGERS if each.event_type != "move"]),
        "warn",
        f"missing: move -> {HOOK}; stored folders and context may be as old as the upload until autotag retag",
        "autotag setup --stack prod",
    ),
    (notification_lines.triggers, well(triggers=[trigger("all")]), "ok", HOOK, ""),
    (notification_lines.triggers, well(triggers=TRIGGERS[1:]), "fail", f"missing: upload -> {HOOK}", "autotag setup"),
    (notification_lines.triggers, well(triggers=[]), "fail", "rename", "autotag setup --stack prod"),
    (
        notification_lines.triggers,
        well(destinations=(Destination(HOOK, "webhook"), Destination("poll://autotag", "poll"))),
        "fail",
        "upload -> poll://autotag",
        "autotag setup",
    ),
    (notification_lines.triggers, well(destinations=Unknown("no output")), "fail", "no output", "sam build"),
    (notification_lines.triggers, well(triggers=NOBODY), "warn", "not known", ""),
    (notification_lines.old_triggers, WELL, "ok", "none points", ""),
    (
        notification_lines.old_triggers,
        well(triggers=[*TRIGGERS, trigger("upload", "https://example.com/")], stored_destinations=(OLD,)),
        "ok",
        "none points",
        "",
    ),
    (
        notification_lines.old_triggers,
        well(triggers=[*TRIGGERS, trigger("upload", OLD)], stored_destinations=(OLD,)),
        "warn",
        f"an earlier address of this stack: {OLD}",
        "autotag setup --stack prod",
    ),
    (
        notification_lines.old_triggers,
        well(triggers=[*TRIGGERS, trigger("upload", OLD)]),
        "warn",
        f"another function: {OLD}",
        f"autotag setup --stack prod --old-url {OLD}",
    ),
    (notification_lines.old_triggers, well(triggers=NOBODY), "warn", "not known", ""),
    (notification_lines.scheme, WELL, "ok", "signed by legacy_hmac", ""),
    (notification_lines.scheme, well(triggers=[trigger("upload", auth_scheme="default")]), "ok", "default", ""),
    (notification_lines.scheme, well(triggers=[trigger("upload", auth_scheme=None)]), "ok", "does not report", ""),
    (notification_lines.scheme, well(triggers=V2), "fail", "upload is signed by eddsa_v2", "autotag setup"),
    (
        notification_lines.scheme,
        well(triggers=[trigger("info", payload_template={"a": 1})]),
        "fail",
        "info is sent in a custom format",
        "autotag setup",
    ),
    (notification_lines.scheme, well(triggers=[trigger("info", filter={"!": 1})]), "warn", "filter", "autotag setup"),
    (notification_lines.scheme, well(triggers=[]), "warn", "not known", ""),
    (notification_lines.signing_key, WELL, "ok", "signed with 111, which the stack knows", ""),
    (notification_lines.signing_key, well(log=(rejected(1, "999"), LogEntry("accepted", 2, "111"))), "ok", "111", ""),
    (notification_lines.signing_key, well(log=(*WELL.log, rejected(3, rule="too_old"))), "ok", "111", ""),
    (
        notification_lines.signing_key,
        well(log=(LogEntry("accepted", 2, "333"),)),
        "warn",
        "signed with 333, which the stack no longer knows",
        "autotag setup --stack prod --signing-keys -, and type 333:SECRET",
    ),
    (notification_lines.signing_key, well(log=()), "warn", "no notification came within a day", "autotag setup"),
    (
        notification_lines.signing_key,
        well(log=(LogEntry("accepted", 2, "111"), rejected(3, "111"))),
        "warn",
        "1 were refused since then",
        "WebhookRejections",
    ),
    (
        notification_lines.signing_key,
        well(log=(LogEntry("accepted", 2, "111"), rejected(3, "999"))),
        "fail",
        "Cloudinary signs with the key 999, its oldest active one, and the stack knows only 111",
        "autotag setup --stack prod --signing-keys -, and type 999:SECRET",
    ),
    (
        notification_lines.signing_key,
        well(log=(rejected(3, "111"),)),
        "fail",
        "the key 111, for which the stack's secret holds another value",
        "type 111:SECRET",
    ),
    (notification_lines.signing_key, well(log=(rejected(3),)), "fail", "signature_key", "ID:SECRET"),
    (notification_lines.signing_key, well(log=NOBODY), "warn", "not known: somebody is down", ""),
    (notification_lines.key_use, WELL, "ok", "the key 222 only writes", ""),
    (
        notification_lines.key_use,
        document(writer_key_dedicated=False),
        "warn",
        "autotag's own writes",
        "--writer-key-dedicated",
    ),
    (
        notification_lines.key_use,
        document(notification_secrets={}),
        "warn",
        "could forge a notification",
        "another API key",
    ),
    (
        notification_lines.key_use,
        document(notification_secrets={"111": "x", "222": "writer"}),
        "warn",
        "the key 222 both calls the API and may sign",
        "autotag setup --stack prod --writer-key-dedicated --signing-keys -, and type 222:SECRET",
    ),
    (notification_lines.key_use, well(document=({}, "nothing")), "warn", "not known", ""),
    (notification_lines.webhook, WELL, "ok", "accepts what is signed with 111", ""),
    (notification_lines.webhook, well(webhook=None), "ok", "there is no webhook", ""),
    (
        notification_lines.webhook,
        well(webhook=Diagnosis("it is shut", "autotag setup")),
        "fail",
        "shut",
        "setup --stack prod",
    ),
    (notification_lines.webhook, well(webhook=NOBODY), "warn", "not known", ""),
]
SERVICE: list[tuple[Any, Facts, str, str, str]] = [
    (service_lines.ops, WELL, "ok", "it answers", ""),
    (service_lines.ops, well(health=NOBODY), "fail", "somebody is down", "sam deploy"),
    (service_lines.ops, unreadable("queues"), "fail", "cannot read everything: somebody is down", "sam deploy"),
    (service_lines.clock, WELL, "ok", "agree within seconds", ""),
    (
        service_lines.clock,
        well(clocks=Clocks(400, 0)),
        "fail",
        "400 s ahead of the functions' clocks; the webhook",
        "Skew",
    ),
    (service_lines.clock, well(clocks=Clocks(-400, 0)), "fail", "400 s behind the functions'", "Skew"),
    (service_lines.clock, well(clocks=Clocks(60, 0)), "warn", "60 s ahead of", "again later"),
    (service_lines.clock, well(clocks=Clocks(90, 90)), "warn", "this machine's clock is 90 s behind AWS's", "set this"),
    (service_lines.clock, well(clocks=Clocks(None, 0)), "warn", "Cloudinary did not report", ""),
    (service_lines.clock, well(clocks=Clocks(0, None)), "warn", "the ops function did not report", ""),
    (service_lines.queue, WELL, "ok", "live: 0 waiting, bulk: 0 waiting", ""),
    (service_lines.queue, queues(bulk=50_000), "ok", "bulk: 50,000 waiting", ""),
    (service_lines.queue, queues(live=1000), "warn", "live: 1,000 waiting", "WorkerConcurrency"),
    (service_lines.queue, unreadable("queues"), "warn", "not known", ""),
    (service_lines.dead_letters, WELL, "ok", "there are none", ""),
    (service_lines.dead_letters, queues(live_dead=2), "fail", "2 of the live queue", "--queue-url https://sqs/dead "),
    (service_lines.dead_letters, queues(bulk_dead=1), "fail", "1 of the bulk queue", "https://sqs/bulk-dead"),
    (service_lines.dead_letters, unreadable("queues"), "warn", "not known", ""),
    (service_lines.due, WELL, "ok", "nothing is overdue", ""),
    (service_lines.due, due("poll", "12:30:00"), "ok", "nothing is overdue", ""),
    (service_lines.due, due("poll", "11:56:00"), "ok", "nothing is overdue", ""),
    (service_lines.due, due("poll", "11:50:00"), "warn", "the read of asset a9 is overdue by 10 min", "PollerStopped"),
    (service_lines.due, due("poll", "08:00:00"), "fail", "overdue by 4 h", "PollerStopped"),
    (service_lines.due, due("intent", "11:50:00"), "warn", "the tag changes of asset a9 are overdue", "PollerStopped"),
    (service_lines.due, due("intent", "11:40:00"), "fail", "overdue by 20 min", "Stopping and resuming"),
    (service_lines.due, unreadable("due"), "warn", "not known", ""),
    (service_lines.breaker, WELL, "ok", "closed", ""),
    (service_lines.breaker, healthy(breaker={"until": "12:05", "reason": "401"}), "fail", "12:05: 401", "setup"),
    (service_lines.breaker, unreadable("breaker"), "warn", "not known", ""),
    (service_lines.rules, WELL, "ok", "acme, version aaaaaaaaaaaa, number 2", ""),
    (service_lines.rules, rules(seq=0), "ok", "the rules deployed with the stack", ""),
    (service_lines.rules, rules(seq=3, pushed_at="2026-10-08T11:58:00Z"), "ok", "number 3", ""),
    (service_lines.rules, rules(seq=3), "warn", "no worker has loaded them yet", "upload something"),
    (service_lines.rules, rules(fault="thresold"), "fail", "thresold", "autotag rules push FILE --stack prod"),
    (service_lines.rules, unreadable("rules"), "fail", "somebody is down", "autotag rules push"),
    (service_lines.last_audit, WELL, "ok", "60 s ago: tagged, a1.1.x", ""),
    (service_lines.last_audit, healthy(last_audit=None), "warn", "nothing has been decided yet", "autotag setup"),
    (service_lines.last_audit, unreadable("last_audit"), "warn", "not known", ""),
]
LINES = ACCOUNT + OVERWRITES + NOTIFICATIONS + SERVICE


@pytest.mark.parametrize(
    ("line", "facts", "state", "finding", "fix"),
    [pytest.param(*row, id=f"{row[0].__name__}-{row[2]}-{row[3][:30]}") for row in LINES],
)
def test_a_line_says_what_is_and_what_mends_it(line: Any, facts: Facts, state: str, finding: str, fix: str) -> None:
    found: Result = line(facts)
    assert found.state == state and finding in found.finding and fix in found.fix
    assert bool(found.fix) == (state != "ok" and not found.finding.startswith("not known:"))


def test_no_line_holds_a_secret() -> None:
    for line, facts, *_ in LINES:
        assert not any(secret in repr(line(facts)) for secret in ("writer'", "signer", '"x"'))
