"""Mutation testing of the modules that carry the promises: is there a test that fails when a line of theirs is broken?

    make mutate [MODULES="domain/signature adapters/store"]

It measures the tests as the other files here measure the service, and is too long for `make test`. mutmut breaks each
function of a module in one place at a time and runs those tests that reach it, the fastest first, until one fails. What
survives is listed with its reason in docs/guarantees.md; what is not, or is listed and does not survive, fails the run.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / ".local" / "mutate"
LIST = ROOT / "docs" / "guarantees.md"
NEEDED = ("src", "tests", "autotag_cli", "simulator", "local", "events", "docs", "template.yaml", "pyproject.toml")

_DOOR = [
    "unit/domain/notifications/test_signature.py", "unit/handlers/test_webhook_answers.py",
    "unit/handlers/test_webhook_secrets.py", "unit/service/intake/test_poll_channel.py",
]  # fmt: skip
_MACHINES = ("test_machine.py", "test_undo_machine.py")  # a promise has a test of its own, and these take minutes
_BULK = ("test_backfill.py", "test_group.py", "test_health.py", "test_retag.py", "test_revert.py", "test_scan.py")
_SERVICE = [
    str(path.relative_to(ROOT / "tests"))
    for path in sorted((ROOT / "tests" / "unit" / "service").rglob("test_*.py"))
    if path.name not in (*_MACHINES, *_BULK)
]
_READS = [
    "unit/handlers/test_poller.py", "unit/service/tagging/lifecycle/test_deleted.py", "unit/service/tagging/reading/test_due.py",
    "unit/service/tagging/faults/test_faults_size.py", "unit/service/tagging/lifecycle/test_gone.py", "unit/service/tagging/reading/test_hint_bounds.py",
    "unit/service/tagging/reading/test_hints.py", "unit/service/tagging/lifecycle/test_lifecycle.py", "unit/service/tagging/lifecycle/test_may_be_back.py",
    "unit/service/tagging/faults/test_meanwhile.py", "unit/service/tagging/reading/test_observe.py", "unit/service/tagging/people/test_people.py",
    "unit/service/tagging/people/test_people_again.py", "unit/service/tagging/lifecycle/test_renamed.py", "unit/service/tagging/faults/test_same_moment.py",
    "unit/service/tagging/faults/test_two_at_once.py", "unit/service/tagging/reading/test_while_read.py",
]  # fmt: skip
_ASSETS = [
    "unit/handlers/test_worker.py", "unit/service/runs/test_group.py", "unit/service/runs/test_retag.py", *_SERVICE,
]  # fmt: skip
_PEOPLE = [
    "unit/domain/state/test_absence.py", "unit/domain/state/test_auto_tagging.py", "unit/domain/state/test_claims.py",
    "unit/domain/state/test_echo.py", "unit/domain/state/test_complete.py", "unit/domain/state/test_overwrite.py",
    "unit/domain/state/test_overwrite_order.py", "unit/domain/state/test_claim.py", "unit/domain/state/test_rename.py",
    "unit/domain/state/test_sighting.py", "unit/domain/state/test_merge.py", "unit/domain/state/test_tag_ownership.py",
    *_SERVICE,
]  # fmt: skip
_RUNS = [
    "unit/domain/runs/test_pacing.py", "unit/domain/runs/test_run_filter.py", "unit/handlers/test_ops_runs.py",
    "unit/handlers/test_poller_runs.py", "unit/service/runs/test_backfill.py",
    "unit/service/runs/test_backfill_categorizes.py", "unit/service/runs/test_group.py",
    "unit/service/tagging/lifecycle/test_asset_facts.py", "unit/service/runs/test_refresh.py", "unit/service/runs/test_refresh_groups.py",
    "unit/service/runs/test_retag.py", "unit/service/runs/test_revert.py",
]  # fmt: skip
_UNDO = [
    "unit/handlers/test_ops_undo.py", "unit/service/review/test_undo.py", "unit/service/review/test_undo_exactly.py",
]  # fmt: skip
_TABLES = [
    "integration/adapters/aws/test_health.py", "integration/adapters/aws/test_items.py", "integration/adapters/aws/test_api_limits.py",
    "integration/adapters/aws/test_query.py", "integration/adapters/aws/test_review_index.py",
    "integration/adapters/aws/test_runs.py", "integration/adapters/aws/test_scan.py", "integration/adapters/aws/test_states.py",
    "unit/test_wire_names.py",
]  # fmt: skip

GROUPS = [
    (_DOOR, ["domain/notifications/signature", "service/intake/accept"]),
    (
        _RUNS,
        [
            "domain/runs/revert",
            "domain/runs/run",
            "service/runs/requests",
            "service/runs/group",
            "service/runs/batch_execute",
        ],
    ),
    (
        _TABLES,
        [
            "adapters/aws/dynamodb/api_limits",
            "adapters/aws/dynamodb/states",
            "adapters/aws/dynamodb/runs",
            "adapters/aws/dynamodb/items",
            "adapters/aws/dynamodb/query",
        ],
    ),
    (
        _PEOPLE,
        [
            "domain/state/merge",
            "domain/state/overwrite",
            "domain/state/auto_tagging",
            "domain/state/tag_ownership",
            "domain/state/echo",
        ],
    ),
    (_PEOPLE, ["domain/state/absence", "domain/state/claim", "domain/state/complete"]),
    (["unit/domain/state/test_edit_audit.py"], ["domain/state/edit_audit"]),
    (_UNDO, ["domain/review/undo"]),
    # each of these tests takes whole assets through the service
    (
        _READS,
        [
            "service/tagging/hints",
            "service/tagging/confirm_read",
            "service/tagging/poll",
            "service/tagging/observe",
            "service/tagging/lifecycle",
        ],
    ),
    (_ASSETS, ["service/tagging/person_edits", "service/tagging/execute", "service/tagging/cloudinary_calls"]),
]
"""Test files (below tests/) and the modules (below src/autotag/) that they are to guard."""

_LISTED = re.compile(r"^- `([\w/]+)` `([\w.]+)`: `(.+?)` -> `(.*?)`: (.+)$", re.MULTILINE)


class Mutant(NamedTuple):
    """One change, described so that it is the same when lines move: what stood on the changed lines, and what then."""

    module: str
    function: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"- `{self.module}` `{self.function}`: `{self.before}` -> `{self.after}`: "


def listed() -> dict[Mutant, str]:
    """Return the survivors that docs/guarantees.md lists, with their reasons."""
    return {Mutant(*row[:4]): row[4] for row in _LISTED.findall(LIST.read_text(encoding="utf-8"))}


def mutate(tests: list[str], modules: list[str]) -> list[tuple[Mutant, str]]:
    """Return every mutant of ``modules`` with its status; raises ``CalledProcessError`` where mutmut itself fails."""
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    for name in NEEDED:
        (WORK / name).symlink_to(ROOT / name)
    settings = {
        "source_paths": ["src"],
        "only_mutate": [f"src/autotag/{module}.py" for module in modules],
        "also_copy": [name for name in NEEDED if name not in ("src", "tests", "pyproject.toml")],
        "pytest_add_cli_args": ["-p", "no:cacheprovider", "--hypothesis-profile=mutate"],
        "pytest_add_cli_args_test_selection": [f"tests/{name}" for name in tests],
        "track_dependencies": ["false"],
    }
    text = "".join(f"{key} =\n" + "".join(f"  {value}\n" for value in values) for key, values in settings.items())
    (WORK / "setup.cfg").write_text(f"[mutmut]\n{text}", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    log = WORK / "log"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "bench.mutants"]
        if subprocess.run(command, cwd=WORK, env=environment, stdout=out, stderr=out, check=False).returncode:
            raise SystemExit(f"mutmut failed, see {log.relative_to(ROOT)}: {log.read_text('utf-8', 'replace')[-2000:]}")
    found = json.loads((WORK / "outcomes.json").read_text(encoding="utf-8"))
    return [(Mutant(x["module"], x["function"], x["before"], x["after"]), x["status"]) for x in found]


def main() -> int:
    """Print a table, and what survives without being listed or is listed without surviving; 1 if there is any."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    known = [module for _, modules in GROUPS for module in modules]
    parser.add_argument("modules", nargs="*", metavar="MODULE", help=", ".join(known))
    wanted = parser.parse_args().modules or known
    for name in wanted:
        if name not in known:
            parser.error(f"MODULE {name}: expected one of {', '.join(known)}")
    reasons, begun, wrong = listed(), time.monotonic(), []
    print(f"{'module':<20}{'mutants':>9}{'killed':>9}{'survived':>10}{'listed':>9}", flush=True)
    for tests, modules in GROUPS:
        chosen = [module for module in modules if module in wanted]
        outcomes = mutate(tests, chosen) if chosen else []
        for module in chosen:
            all_of = [(mutant, status) for mutant, status in outcomes if mutant.module == module]
            alive = [mutant for mutant, status in all_of if status in ("survived", "no tests", "not checked")]
            here = {mutant for mutant in reasons if mutant.module == module}
            count = Counter(mutant in here for mutant in alive)
            row = (len(all_of), len(all_of) - len(alive), len(alive), count[True])
            print(f"{module:<20}{row[0]:>9}{row[1]:>9}{row[2]:>10}{row[3]:>9}", flush=True)
            wrong += [f"not listed   {mutant}" for mutant in alive if mutant not in here]
            wrong += [f"no survivor  {mutant}" for mutant in here.difference(alive)]
    print(f"{time.monotonic() - begun:.0f} seconds", *wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
