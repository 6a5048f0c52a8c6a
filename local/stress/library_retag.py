"""The retags of ``make library``: with other rules and reverted, then with rules that make tags of all labels."""

import json
import random
from collections import Counter
from pathlib import Path

from local.clients.ops import ops
from local.clients.simulator_control import Tags, simulator_control, tags_of
from local.clients.tables import audit_records
from local.core.waiting import until
from local.stack.stack import Progress, Stack
from local.stress.changed_rules import changed_rules
from local.stress.library_steps import PREFIX, Results, autotag_output, wait_until_settled
from local.stress.retag_under_faults import LIVE_PREFIX, FaultyRetag, retag_under_faults
from local.stress.tag_plans import TagPlan, apply_plan

_PERSONS_TAG = "mine"
_ALL_LABELS = "[defaults]\nthreshold = 0.5\n"


def retag_and_revert(stack: Stack, folder: Path, rng: random.Random, names: list[str], progress: Progress) -> Results:
    """Retag with other rules and revert that. Tags that people add meanwhile must stay."""
    before = tags_of(stack, PREFIX)
    managed = (tag for tags in before.values() for tag in tags - {"press"})
    ops(stack).push_rules(changed_rules(managed, PREFIX.rstrip("/")), None)
    progress("trying the retag out")
    plan = _planned_changes(stack)
    edited = set(names[1::200])

    def edit_as_people() -> None:
        for name in sorted(edited):
            simulator_control(stack, "POST", "person/tags", json={"public_id": name, "add": [_PERSONS_TAG]})

    progress("retagging, while processes are killed and pictures are uploaded")
    retag = retag_under_faults(stack, folder, rng, edit_as_people)
    wait_until_settled(stack)
    expected, after = _with_persons_tag(apply_plan(before, plan), edited), tags_of(stack, PREFIX)
    remaining = _planned_changes(stack)
    results = _retag_results(stack, retag, plan) | {
        "planned by the dry run": (len(plan), bool(plan)),
        "with other tags than planned": (_difference_count(expected, after), after == expected),
        "left to change": (len(remaining), not remaining),
    }
    progress("reverting")
    autotag_output(stack, "revert", "--run", str(retag.run["id"]), "--rate", "1000", "--json")
    wait_until_settled(stack)
    expected, after = _with_persons_tag(before, edited), tags_of(stack, PREFIX)
    return results | {
        "with other tags than before, once reverted": (_difference_count(expected, after), after == expected)
    }


def remove_tag_as_person(stack: Stack, name: str) -> str:
    """Remove an asset's most frequent managed tag as a person; return the tag once the service knows of that."""
    managed = sorted(tags_of(stack, name)[name] - {"press"})
    frequency = Counter(tag for tags in tags_of(stack, PREFIX).values() for tag in tags)
    removed = max(managed, key=lambda tag: frequency[tag])
    simulator_control(stack, "POST", "person/tags", json={"public_id": name, "remove": [removed]})
    until(lambda: removed in str(ops(stack).show(name)["people"]), "the removal to be known", within=60)
    wait_until_settled(stack)
    return removed


def retag_all_labels(stack: Stack, removed: str, progress: Progress) -> Results:
    """Retag with rules that make tags of all labels from 0.5 on: a tag that a person removed must not come back."""
    progress("retagging with rules that make tags of all labels from 0.5 on")
    ops(stack).push_rules(_ALL_LABELS, None)
    autotag_output(stack, "retag", "--yes", "--rate", "1000", "--json")
    wait_until_settled(stack)
    others = sum(removed in tags for tags in tags_of(stack, PREFIX).values())
    return {f"with {removed}, which a person removed from one": (others, others > 0)}


def removed_tag_came_back(stack: Stack, name: str, removed: str) -> Results:
    """Return whether the tag that a person removed from an asset is on it again."""
    is_back = any(tag.startswith(removed) for tag in tags_of(stack, name)[name])
    return {"removals by a person undone by retag, new rules or backfill": (int(is_back), not is_back)}


def _retag_results(stack: Stack, retag: FaultyRetag, plan: TagPlan) -> Results:
    """Return the results of the run itself and of the uploads during it."""
    run = retag.run
    first_audit: dict[str, str] = {}
    audits_of_run: Counter[str] = Counter()
    for audit in audit_records(stack):
        name = audit["asset"]["public_id"]
        if name.startswith(LIVE_PREFIX):
            first_audit[name] = min(audit["at"], first_audit.get(name, "9"))
        audits_of_run[name] += audit["trigger"]["request_id"] == run["id"]
    meanwhile = sum(first_audit.get(name, "9") < run["ended_at"] for name in retag.uploads)
    tagged = {name for name, tags in tags_of(stack, LIVE_PREFIX).items() if tags}
    changed = {name for name, (added, removed) in plan.items() if added or removed}
    missing = sum(audits_of_run[name] != 1 for name in changed)
    wrong = missing + sum(count > 1 for count in audits_of_run.values())
    calls, planned = run["counts"]["calls"], run["counts"]["planned"]
    return {
        "status of the run": (run["status"], run["status"] == "done"),
        "processes killed": (retag.killed_processes, retag.killed_processes > 0),
        "commands killed": (retag.killed_commands, retag.killed_commands > 0),
        "calls of the run": (calls, calls < planned),
        "with no audit of the run, or two": (wrong, not wrong),
        "live uploads": (len(retag.uploads), tagged == set(retag.uploads)),
        "tagged while the run went on": (meanwhile, 2 * meanwhile >= len(retag.uploads)),
    }


def _planned_changes(stack: Stack) -> TagPlan:
    """Return the changes of tags that ``autotag retag --dry-run`` prints."""
    entries = map(json.loads, autotag_output(stack, "retag", "--dry-run", "--json").splitlines())
    plan = {entry["asset"]["public_id"]: (set(entry["add"]), set(entry["remove"])) for entry in entries}
    return {name: change for name, change in plan.items() if name.startswith(PREFIX)}


def _with_persons_tag(tags: Tags, edited: set[str]) -> Tags:
    return {name: own | ({_PERSONS_TAG} if name in edited else set()) for name, own in tags.items()}


def _difference_count(expected: Tags, after: Tags) -> int:
    return sum(expected.get(name) != after.get(name) for name in expected.keys() | after.keys())
