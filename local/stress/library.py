"""``make library N=2000``: retag, revert and backfill of a library, after which every tag of it is checked.

The retag runs while processes of the functions and the command itself are killed, pictures are uploaded and people
change tags. The backfill finds assets whose notifications were lost, within the hourly limit of Admin calls.
"""

import json
import random
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from local.clients.autotag_command import autotag
from local.clients.ops import ops
from local.clients.queues import come_back_after
from local.clients.simulator_control import Tags, calls, seed, simulator, tags_of
from local.clients.time_shift import hour_by_hour, strike
from local.core.errors import LocalError
from local.core.waiting import until
from local.stack.run_folders import new_run_folder
from local.stack.stack import Progress, Stack, temporary_stack
from local.stress.changed_rules import other_rules
from local.stress.ledger import at_rest, audits_of
from local.stress.retag_under_faults import LIVE, Disturbed, retag
from local.stress.tag_plans import Plan, changed

PREFIX, LOST = "library/", "lost/"
MINE = "mine"
_WITHIN = 1800.0
_ALL = "[defaults]\nthreshold = 0.5\n"

Rows = dict[str, tuple[object, bool]]
"""Each result by its name, and whether it is as expected."""


def library(n: int, lost: int, limit: int, seed_: int, console: Console, progress: Progress) -> bool:
    """Run it with ``n`` assets, ``lost`` more without notifications, and ``limit`` Admin calls an hour.

    Return True if everything is as expected. Raises ``LocalError`` if a step does not end in time.
    """
    chance = random.Random(seed_)  # noqa: S311 (a repeatable plan, not a secret)
    folder = new_run_folder("library")
    rows: Rows = {}
    with temporary_stack(folder, progress, keep_logs=lambda: not all(good for _, good in rows.values())) as stack:
        try:
            _carry_out(stack, folder, chance, (n, lost, limit), rows, progress)
        finally:  # show the results so far after a failure too
            table = Table("library", "count", "as expected", title=f"a library of {n:,}, seed {seed_}")
            for name, (count, good) in rows.items():
                table.add_row(name, str(count), "yes" if good else "NO")
            console.print(table)
    return all(good for _, good in rows.values())


def _carry_out(
    stack: Stack, folder: Path, chance: random.Random, sizes: tuple[int, int, int], rows: Rows, progress: Progress
) -> None:
    """Run all steps, and add the results of each to ``rows``."""
    n, lost, limit = sizes
    _shorten_timeouts(stack)
    progress(f"letting the service tag {n:,} assets")
    seed(stack, PREFIX, n, within=_WITHIN, tags=["press"])
    _rest(stack)
    names = sorted(tags_of(stack, PREFIX))
    removed = _person_removes(stack, names[0])
    rows |= _retagged(stack, folder, chance, names, progress)
    rows |= _never_again(stack, removed, progress)
    rows |= _backfilled(stack, lost, limit, progress)
    rows |= _gone_for_good(stack, names[0], removed)


def _retagged(stack: Stack, folder: Path, chance: random.Random, names: list[str], progress: Progress) -> Rows:
    """Retag with other rules and revert that. Tags that people add meanwhile must stay."""
    before = tags_of(stack, PREFIX)
    managed = (tag for tags in before.values() for tag in tags - {"press"})
    ops(stack).push_rules(other_rules(managed, PREFIX.rstrip("/")), None)
    progress("trying the retag out")
    plan = _planned(stack)
    edited = set(names[1::200])

    def people() -> None:
        for name in sorted(edited):
            simulator(stack, "POST", "person/tags", json={"public_id": name, "add": [MINE]})

    progress("retagging, while processes are killed and pictures are uploaded")
    done = retag(stack, folder, chance, people)
    _rest(stack)
    wanted = _with_edits(changed(before, plan), edited)
    found = tags_of(stack, PREFIX)
    left = _planned(stack)
    rows = _rows_of(stack, done, plan) | {
        "planned by the dry run": (len(plan), bool(plan)),
        "with other tags than planned": (_different(wanted, found), found == wanted),
        "left to change": (len(left), not left),
    }
    progress("reverting")
    _autotag(stack, "revert", "--run", str(done.run["id"]), "--rate", "1000", "--json")
    _rest(stack)
    restored, found = _with_edits(before, edited), tags_of(stack, PREFIX)
    return rows | {"with other tags than before, once reverted": (_different(restored, found), found == restored)}


def _rows_of(stack: Stack, done: Disturbed, plan: Plan) -> Rows:
    """Return the results of the run itself and of the uploads during it."""
    first: dict[str, str] = {}
    own: Counter[str] = Counter()
    for audit in audits_of(stack):
        name = audit["asset"]["public_id"]
        if name.startswith(LIVE):
            first[name] = min(audit["at"], first.get(name, "9"))
        own[name] += audit["trigger"]["request_id"] == done.run["id"]
    meanwhile = sum(first.get(name, "9") < done.run["ended_at"] for name in done.uploads)
    tagged = {name for name, tags in tags_of(stack, LIVE).items() if tags}
    changed = {name for name, (add, remove) in plan.items() if add or remove}
    wrong = sum(own[name] != 1 for name in changed) + sum(count > 1 for count in own.values())
    calls_made, calls_counted = done.run["counts"]["calls"], done.run["counts"]["planned"]
    return {
        "status of the run": (done.run["status"], done.run["status"] == "done"),
        "processes killed": (done.killed, done.killed > 0),
        "commands killed": (done.commands, done.commands > 0),
        "calls of the run": (calls_made, calls_made < calls_counted),
        "with no audit of the run, or two": (wrong, not wrong),
        "live uploads": (len(done.uploads), tagged == set(done.uploads)),
        "tagged while the run went on": (meanwhile, 2 * meanwhile >= len(done.uploads)),
    }


def _person_removes(stack: Stack, name: str) -> str:
    """Remove an asset's most frequent managed tag as a person; return the tag once the service knows of that."""
    managed = sorted(tags_of(stack, name)[name] - {"press"})
    common = Counter(tag for tags in tags_of(stack, PREFIX).values() for tag in tags)
    tag = max(managed, key=lambda each: common[each])
    simulator(stack, "POST", "person/tags", json={"public_id": name, "remove": [tag]})
    until(lambda: tag in str(ops(stack).show(name)["people"]), "the removal to be known", within=60)
    _rest(stack)
    return tag


def _never_again(stack: Stack, removed: str, progress: Progress) -> Rows:
    """Retag with rules that make tags of all labels from 0.5 on: a tag that a person removed must not come back."""
    progress("retagging with rules that make tags of all labels from 0.5 on")
    ops(stack).push_rules(_ALL, None)
    _autotag(stack, "retag", "--yes", "--rate", "1000", "--json")
    _rest(stack)
    others = sum(removed in tags for tags in tags_of(stack, PREFIX).values())
    return {f"with {removed}, which a person removed from one": (others, others > 0)}


def _gone_for_good(stack: Stack, name: str, removed: str) -> Rows:
    has = any(tag.startswith(removed) for tag in tags_of(stack, name)[name])
    return {"removals by a person undone by retag, new rules or backfill": (int(has), not has)}


def _backfilled(stack: Stack, lost: int, limit: int, progress: Progress) -> Rows:
    """Backfill assets without notifications; an hour passes as soon as its calls are used."""
    progress(f"backfilling {lost:,} assets at {limit:,} Admin calls an hour")
    strike(stack, 1)
    simulator(stack, "PUT", "settings", json={"admin_limit": limit})
    seen = len(calls(stack, path="*/resources/*"))
    simulator(stack, "POST", "seed", json={"count": lost, "prefix": LOST, "notifications": "lost"})
    started = _autotag(stack, "backfill", "--detach", "--json")
    run = str(json.loads(started)["id"])
    shown = hour_by_hour(stack, run, hours=1, within=_WITHIN)
    _rest(stack)
    made = calls(stack, path="*/resources/*")[seen:]
    by_hour = Counter(each["at"][:13] for each in made)
    refused = sum(each["status"] != 200 for each in made)
    found = {audit["asset"]["public_id"] for audit in audits_of(stack) if audit["trigger"]["request_id"] == run}
    expected = {f"{LOST}{number:06d}" for number in range(1, lost + 1)}
    return {
        "status of the backfill": (shown["status"], shown["status"] == "done"),
        "lost, and found by it": (len(found & expected), found >= expected),
        f"Admin calls in each hour, of {limit:,}": (
            ", ".join(str(count) for _, count in sorted(by_hour.items())),
            max(by_hour.values()) <= limit and not refused,
        ),
    }


def _planned(stack: Stack) -> Plan:
    """Return the changes of tags that ``autotag retag --dry-run`` prints."""
    records = map(json.loads, _autotag(stack, "retag", "--dry-run", "--json").splitlines())
    found = {each["asset"]["public_id"]: (set(each["add"]), set(each["remove"])) for each in records}
    return {name: change for name, change in found.items() if name.startswith(PREFIX)}


def _with_edits(tags: Tags, edited: set[str]) -> Tags:
    return {name: has | ({MINE} if name in edited else set()) for name, has in tags.items()}


def _different(wanted: Tags, found: Tags) -> int:
    return sum(wanted.get(name) != found.get(name) for name in wanted.keys() | found.keys())


def _autotag(stack: Stack, *arguments: str) -> str:
    answer = autotag(stack, *arguments, within=_WITHIN)
    if answer.returncode:
        raise LocalError(f"autotag {' '.join(arguments)} ended with {answer.returncode}: {answer.stderr.strip()}")
    return answer.stdout


def _shorten_timeouts(stack: Stack) -> None:
    """Make messages that a killed worker had received return after seconds instead of minutes."""
    for queue in ("QueueUrl", "BulkQueueUrl"):
        come_back_after(stack, 20, queue)


def _rest(stack: Stack) -> None:
    """Wait until no message waits and no asset has unfinished work."""
    until(lambda: at_rest(stack), "everything to come to rest", within=_WITHIN, every=2.0)
