"""``make demo``: a run of the deployed system on a stack of its own, whose results are shown and checked.

Everything shown is read from the simulated Cloudinary and from DynamoDB, by HTTP and by the ``autotag``
command.
"""

import time
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from local.clients.autotag_command import audited, audits, push_rules, replayed
from local.clients.cloudinary import is_polled, resource, set_mode, upload
from local.core.errors import LocalError
from local.core.paths import PROJECT
from local.core.waiting import until
from local.demo.cases import CASES, FORGED, RULES, Case
from local.demo.forgery import forge, public_urls
from local.demo.report import show_asset, show_doors, show_forgery, show_replays, show_verdict
from local.stack.run_folders import new_run_folder
from local.stack.stack import Progress, Stack, temporary_stack

_SOON = 45.0
"""Seconds within which a notification must become an audit."""
_POLLED = 130.0
"""The same for the poller, which runs once a minute."""


@dataclass(frozen=True)
class Seen:
    """What was read back for one case, and the differences from what is expected."""

    case: Case
    tags: list[str]
    audits: list[dict[str, Any]]
    problems: list[str]


def demonstrate(console: Console, progress: Progress, intake: str = "webhook") -> bool:
    """Run the demonstration; return True if everything is as expected. Raises ``LocalError`` if it cannot run.

    ``intake`` is how notifications come in: webhook, poll or both.
    """
    started = time.monotonic()
    problems: list[str] = []
    parameters = {"Intake": intake}
    with temporary_stack(
        new_run_folder("demo"), progress, parameters=parameters, keep_logs=lambda: bool(problems)
    ) as stack:
        public = public_urls(stack)
        show_doors(console, public)
        if len(public) != (intake != "poll"):
            problems.append(f"{len(public)} public endpoints with Intake={intake}")
        progress(f"pushing the rules of {RULES.relative_to(PROJECT)}, as a team pushes its own (autotag rules push)")
        push_rules(stack, RULES)
        if intake == "poll":
            progress("waiting for the intake function, which the schedule starts once a minute")
            until(lambda: is_polled(stack.simulator_url), "a poll of the channel", within=_POLLED)
        progress(f"uploading {len(CASES)} assets to the simulated Cloudinary")
        for case in CASES:
            set_mode(stack.simulator_url, case.public_id, case.mode, **case.options)
            upload(stack.simulator_url, case.public_id)
        status = forge(stack)
        written: list[str] = []
        for case in CASES:
            if case.trigger == "poll":
                progress("waiting for the poller, which the schedule starts once a minute")
            seen = _follow(stack, case)
            show_asset(console, seen.case, seen.tags, seen.audits, seen.problems)
            problems += [f"{case.public_id}: {problem}" for problem in seen.problems]
            written += [audit["audit_id"] for audit in seen.audits]
        left = len(audits(stack, FORGED))  # read last: by now an accepted forgery would have been processed
        show_forgery(console, FORGED, status, left)
        if status not in (401, None) or left:
            problems.append(f"the forged notification: answered {status}, left {left} audits")
        progress("deciding again from what every audit stored")
        different = {audit_id: output for audit_id in written if (output := replayed(stack, audit_id))}
        show_replays(console, written, different)
        problems += [f"the replay of {audit_id}: {output}" for audit_id, output in different.items()]
        progress("stopping")
    show_verdict(console, problems, time.monotonic() - started)
    return not problems


def _follow(stack: Stack, case: Case) -> Seen:
    """Wait until the asset has its audit, then read everything back and compare."""
    problems = []
    try:
        audited(stack, case.public_id, case.outcome, within=_POLLED if case.trigger == "poll" else _SOON)
    except LocalError as late:
        problems.append(str(late))
    found = audits(stack, case.public_id)
    tags = resource(stack.simulator_url, case.public_id).get("tags", [])
    return Seen(case, tags, found, [*problems, *_problems(case, tags, found)])


def _problems(case: Case, tags: list[str], found: list[dict[str, Any]]) -> list[str]:
    if len(found) != 1:
        return [f"{len(found)} audits instead of one"]
    (audit,) = found
    outcomes = {label["label"]: label["outcome"] for label in audit["labels"]}
    checks = {
        f"Cloudinary has the tags {sorted(tags)} instead of {sorted(case.tags)}": set(tags) == case.tags,
        f"the audit says that it added {sorted(audit['tags']['added'])}": set(audit["tags"]["added"]) == case.tags,
        f"the audit's trigger is {audit['trigger']['kind']}": audit["trigger"]["kind"] == case.trigger,
        f"the audit's reason is {audit.get('reason')!r}": case.reason in (audit.get("reason") or ""),
        "a label has no reason": all(label["because"] for label in audit["labels"]),
        **{
            f"{label} is {outcomes.get(label)} instead of below_threshold": outcomes.get(label) == "below_threshold"
            for label in sorted(case.below_threshold)
        },
    }
    return [problem for problem, right in checks.items() if not right]
