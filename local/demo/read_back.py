"""What the demonstration reads back of each asset, and how that differs from what is expected."""

from dataclasses import dataclass
from typing import Any

from local.clients.autotag_command import list_audits, wait_for_audit
from local.clients.cloudinary import image_details
from local.core.errors import LocalError
from local.demo.cases import Case
from local.stack.stack import Stack

_NOTIFIED_WITHIN = 45.0
"""Seconds within which a notification must become an audit."""
POLLED_WITHIN = 130.0
"""The same for the poller, which runs once a minute."""


@dataclass(frozen=True)
class CaseResult:
    """What was read back for one case, and the differences from what is expected."""

    case: Case
    tags: list[str]
    audits: list[dict[str, Any]]
    problems: list[str]


def read_back(stack: Stack, case: Case) -> CaseResult:
    """Wait until the asset has its audit, then read everything back and compare."""
    problems = []
    try:
        within = POLLED_WITHIN if case.triggers == {"poll"} else _NOTIFIED_WITHIN
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
