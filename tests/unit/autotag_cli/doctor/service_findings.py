"""The doctor's lines about the service: facts, and the state, finding and fix that are expected."""

from typing import Any

from autotag_cli.doctor.checks import service as service_lines
from autotag_cli.doctor.facts import Clocks, Facts
from autotag_cli.doctor.intents import LostIntents
from tests.unit.autotag_cli.doctor.doctor_facts import HEALTH, NOBODY, WELL, healthy, questions, well


def unreadable(name: str) -> Facts:
    return healthy(faults={name: "somebody is down"}, **{name: None})


def due(kind: str, at: str) -> Facts:
    return healthy(due={"intent": None, "poll": None, kind: {"asset_id": "a9", "due_at": f"2026-10-08T{at}.000Z"}})


def rules(**changes: Any) -> Facts:
    return healthy(rules={**HEALTH["rules"], "active": HEALTH["rules"]["active"] | changes})


def lost(*assets: str, complete: bool = True, mended: bool = False) -> Facts:
    return well(lost_intents=LostIntents(assets, complete, mended))


def queues(**waiting: int) -> Facts:
    return healthy(queues=HEALTH["queues"] | {name: {"waiting": n, "in_flight": 0} for name, n in waiting.items()})


SERVICE: list[tuple[Any, Facts, str, str, str]] = [
    (service_lines.ops, WELL, "ok", "it answers", ""),
    (service_lines.ops, well(health=NOBODY), "fail", "somebody is down", "make deploy"),
    (service_lines.ops, unreadable("queues"), "fail", "cannot read everything: somebody is down", "make deploy"),
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
    (service_lines.dead_letters, WELL, "ok", "there are none", ""),
    (service_lines.dead_letters, queues(live_dead=2), "fail", "2 of the live queue", "--queue-url https://sqs/dead "),
    (service_lines.dead_letters, queues(export_dead=2), "fail", "2 of the export queue", "https://sqs/export-dead"),
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
    (service_lines.lost_intents, WELL, "ok", "no tag change waits for a message that may be gone", ""),
    (service_lines.lost_intents, lost(complete=False), "ok", "in the part of the table that was read", ""),
    (service_lines.lost_intents, lost("a9", "a8"), "warn", "of 2 assets wait", "autotag doctor --stack prod --mend"),
    (service_lines.lost_intents, lost("a9"), "warn", "such as a9", "--mend"),
    (service_lines.lost_intents, lost("a9", mended=True), "ok", "the workers were told to finish 1", ""),
    (service_lines.lost_intents, lost(mended=True), "ok", "no tag change waits", ""),
    (service_lines.lost_intents, well(lost_intents=NOBODY), "warn", "not known: somebody is down", ""),
    (service_lines.review, WELL, "ok", "no question waits", ""),
    (
        service_lines.review,
        well(questions=questions(assets=2000, questions=9000)),
        "ok",
        "9,000 questions about 2,000 assets wait",
        "",
    ),
    (
        service_lines.review,
        well(questions=questions(assets=9, questions=3, unindexed=7)),
        "warn",
        "7 of them were stored by an earlier release",
        "autotag retag --stack prod",
    ),
    (service_lines.review, well(questions=NOBODY), "warn", "not known: somebody is down", ""),
    (service_lines.breaker, WELL, "ok", "closed", ""),
    (service_lines.breaker, healthy(breaker={"until": "12:05", "reason": "401"}), "fail", "12:05: 401", "setup"),
    (service_lines.breaker, unreadable("breaker"), "warn", "not known", ""),
    (service_lines.rules, WELL, "ok", "acme, version aaaaaaaaaaaa, number 2", ""),
    (service_lines.rules, rules(seq=0), "ok", "the rules deployed with the stack", ""),
    (service_lines.rules, rules(seq=3, pushed_at="2026-10-08T11:58:00Z"), "ok", "number 3", ""),
    (service_lines.rules, rules(seq=3), "warn", "no worker has loaded them yet", "upload something"),
    (service_lines.rules, rules(fault="thresold"), "fail", "thresold", "autotag rules push FILE --stack prod"),
    (service_lines.rules, unreadable("rules"), "fail", "somebody is down", "autotag rules push"),
]
