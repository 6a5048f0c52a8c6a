"""``make demo``: a run of the deployed system on a stack of its own, whose results are shown and checked.

Everything shown is read from the simulated Cloudinary and from DynamoDB, by HTTP and by the ``autotag``
command.
"""

import time
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from local.clients.autotag_command import list_audits, push_rules, replay_difference, wait_for_audit
from local.clients.cloudinary import image_details, upload
from local.clients.functions import public_urls
from local.clients.simulator_control import is_polled, set_mode
from local.core.errors import LocalError
from local.core.paths import PROJECT
from local.core.waiting import until
from local.demo.cases import CASES, FORGED, RULES, Case
from local.demo.forgery import send_forged_notification
from local.demo.report import show_asset, show_forgery, show_public_endpoints, show_replays, show_result
from local.stack.run_folders import new_run_folder
from local.stack.stack import Progress, Stack, temporary_stack

_NOTIFIED_WITHIN = 45.0
"""Seconds within which a notification must become an audit."""
_POLLED_WITHIN = 130.0
"""The same for the poller, which runs once a minute."""


@dataclass(frozen=True)
class CaseResult:
    """What was read back for one case, and the differences from what is expected."""

    case: Case
    tags: list[str]
    audits: list[dict[str, Any]]
    problems: list[str]


def run_demo(console: Console, progress: Progress, intake: str = "webhook") -> bool:
    """Run the demonstration; return True if everything is as expected. Raises ``LocalError`` if it cannot run.

    ``intake`` is how notifications come in: webhook, poll or both.
    """
    started = time.monotonic()
    problems: list[str] = []
    with temporary_stack(
        new_run_folder("demo"), progress, parameters={"Intake": intake}, keep_logs=lambda: bool(problems)
    ) as stack:
        urls = public_urls(stack)
        show_public_endpoints(console, urls)
        if len(urls) != (intake != "poll"):
            problems.append(f"{len(urls)} public endpoints with Intake={intake}")
        progress(f"pushing the rules of {RULES.relative_to(PROJECT)}, as a team pushes its own (autotag rules push)")
        push_rules(stack, RULES)
        if intake == "poll":
            progress("waiting for the intake function, which the schedule starts once a minute")
            until(lambda: is_polled(stack), "a poll of the channel", within=_POLLED_WITHIN)
        progress(f"uploading {len(CASES)} assets to the simulated Cloudinary")
        for case in CASES:
            set_mode(stack, case.public_id, case.mode, **case.options)
            upload(stack.simulator_url, case.public_id)
        forgery_status = send_forged_notification(stack)
        audit_ids: list[str] = []
        for case in CASES:
            if case.triggers == {"poll"}:
                progress("waiting for the poller, which the schedule starts once a minute")
            result = _read_back(stack, case)
            show_asset(console, result.case, result.tags, result.audits, result.problems)
            problems += [f"{case.public_id}: {problem}" for problem in result.problems]
            audit_ids += [audit["audit_id"] for audit in result.audits]
        forged_audits = len(list_audits(stack, FORGED))  # read last: an accepted forgery would be processed by now
        show_forgery(console, FORGED, forgery_status, forged_audits)
        if forgery_status not in (401, None) or forged_audits:
            problems.append(f"the forged notification: answered {forgery_status}, left {forged_audits} audits")
        progress("deciding again from what every audit stored")
        differences = {audit_id: output for audit_id in audit_ids if (output := replay_difference(stack, audit_id))}
        show_replays(console, audit_ids, differences)
        problems += [f"the replay of {audit_id}: {output}" for audit_id, output in differences.items()]
        progress("stopping")
    show_result(console, problems, time.monotonic() - started)
    return not problems


def _read_back(stack: Stack, case: Case) -> CaseResult:
    """Wait until the asset has its audit, then read everything back and compare."""
    problems = []
    try:
        within = _POLLED_WITHIN if case.triggers == {"poll"} else _NOTIFIED_WITHIN
        wait_for_audit(stack, case.public_id, case.outcome, within=within)
    except LocalError as timeout:
        problems.append(str(timeout))
    audits = list_audits(stack, case.public_id)
    tags = image_details(stack.simulator_url, case.public_id).get("tags", [])
    return CaseResult(case, tags, audits, [*problems, *_problems(case, tags, audits)])


def _problems(case: Case, tags: list[str], audits: list[dict[str, Any]]) -> list[str]:
    if len(audits) != 1:
        return [f"{len(audits)} audits instead of one"]
    (audit,) = audits
    outcomes = {label["label"]: label["outcome"] for label in audit["labels"]}
    checks = {
        f"Cloudinary has the tags {sorted(tags)} instead of {sorted(case.tags)}": set(tags) == case.tags,
        f"the audit says that it added {sorted(audit['tags']['added'])}": set(audit["tags"]["added"]) == case.tags,
        f"the audit's trigger is {audit['trigger']['kind']}": audit["trigger"]["kind"] in case.triggers,
        f"the audit's reason is {audit.get('reason')!r}": case.reason in (audit.get("reason") or ""),
        "a label has no reason": all(label["because"] for label in audit["labels"]),
        **{
            f"{label} is {outcomes.get(label)} instead of below_threshold": outcomes.get(label) == "below_threshold"
            for label in sorted(case.below_threshold)
        },
    }
    return [problem for problem, as_expected in checks.items() if not as_expected]
