"""Mutation testing of the modules that the guarantees depend on: does a test fail when one of their lines is broken?

    make mutate [MODULES="domain/notifications/signature adapters/aws/dynamodb/states"]

It measures the tests, as the other files here measure the service, and takes too long for `make test`. mutmut breaks
each function of a module in one place at a time and runs the tests that reach it, the fastest first, until one fails.
docs/guarantees.md lists each surviving mutant with its reason. The run fails on a survivor that is not listed, and on a
listed mutant that does not survive.
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


def _tests_in(folder: str, *without: str) -> list[str]:
    """Return the test files below a folder of tests/, except the files and folders named ``without``."""
    paths = [path.relative_to(ROOT / "tests") for path in sorted((ROOT / "tests" / folder).rglob("test_*.py"))]
    return [str(path) for path in paths if not set(path.parts).intersection(without)]


_MACHINES = ("test_machine.py", "test_undo_machine.py")  # each guarantee has a test of its own, and these take minutes
_SERVICE = _tests_in("unit/service", *_MACHINES, "test_backfill.py", "test_health.py", "revert", "test_scan.py")
_INTAKE = [
    "unit/domain/notifications/test_signature.py",
    *(f"unit/handlers/webhook/test_webhook_{name}.py" for name in ("authentic", "large", "queued", "secrets")),
    *_tests_in("unit/service/intake"),
]
_TAGGING = "unit/service/tagging"
_READS = [
    *_tests_in(f"{_TAGGING}/lifecycle"),
    *_tests_in(f"{_TAGGING}/reading"),
    *(f"{_TAGGING}/faults/test_{name}.py" for name in ("faults_size", "meanwhile", "same_moment")),
    f"{_TAGGING}/faults/machine/test_two_at_once.py",
    *(f"{_TAGGING}/people/test_{name}.py" for name in ("people", "people_again", "people_or_service")),
]
_RUNS = [
    *_tests_in("unit/domain/runs"),
    *_tests_in("unit/handlers/ops/runs"),
    "unit/service/test_poller.py",
    *_tests_in("unit/service/runs"),
    *(f"{_TAGGING}/lifecycle/test_{name}.py" for name in ("asset_facts", "folder_renames")),
]
_UNDO = [
    *(f"unit/handlers/ops/review/test_{name}.py" for name in ("clear", "undo", "undo_refused")),
    *(
        f"unit/service/review/test_undo_{name}.py"
        for name in ("exactly", "expired_audits", "faults", "leaves_alone", "order", "restores")
    ),
]
_SAMPLES = [
    *_tests_in("unit/domain/review"),
    *_tests_in("unit/service/review/samples"),
    *(f"unit/handlers/ops/review/test_review_{name}.py" for name in ("list", "order", "sample", "summary")),
    "unit/service/review/test_candidates.py",
]
_OTHERS = ("active_rules", "audits", "cost", "eventbridge", "secrets_manager", "sqs", "stored_rules")
_TABLES = [*_tests_in("integration/adapters/aws", *(f"test_{name}.py" for name in _OTHERS)), "unit/test_wire_names.py"]


def _modules_of(package: str, *names: str) -> list[str]:
    return [f"{package}/{name}" for name in names]


GROUPS = [
    (_INTAKE, ["domain/notifications/signature", "service/intake/accept"]),
    (_RUNS, _modules_of("domain/runs", "revert", "run")),
    (_RUNS, _modules_of("service/runs", "requests", "group", "batch_execute")),
    (_TABLES, _modules_of("adapters/aws/dynamodb", "api_limits", "states", "runs", "run_items", "items", "query")),
    (
        [*_tests_in("unit/domain/state"), *_SERVICE],
        _modules_of(
            "domain/state",
            *("merge", "overwrite", "auto_tagging", "tag_ownership", "echo", "absence", "claim", "complete"),
            "person_edits",
        ),
    ),
    (["unit/domain/model/test_admin_shares.py"], ["domain/model/admin_shares"]),
    (
        _tests_in("unit/service/tagging/due_work"),
        _modules_of("service/tagging", "finish_due", "hand_over", "due_reads"),
    ),
    (
        ["unit/domain/state/test_pruned.py", "unit/service/tagging/faults/machine/test_pruning.py"],
        ["domain/state/pruned"],
    ),
    (["unit/domain/state/test_edit_audit.py", "unit/domain/state/test_person_edit.py"], ["domain/state/person_edits"]),
    (_UNDO, ["domain/review/undo"]),
    (_SAMPLES, [*_modules_of("domain/review", "bars", "left", "samples", "waiting"), "service/review/apply_sample"]),
    # each of these tests runs whole assets through the service
    (_READS, _modules_of("service/tagging", "hints", "confirm_read", "poll", "observe", "lifecycle")),
    (
        ["unit/handlers/worker/test_worker.py", *_SERVICE],
        _modules_of("service/tagging", "person_edits", "execute", "cloudinary_calls"),
    ),
]
"""Test files (below tests/) and the modules (below src/autotag/) that they must guard."""

_LISTED = re.compile(r"^- `([\w/]+)` `([\w.]+)`: `(.+?)` -> `(.*?)`: (.+)$", re.MULTILINE)


class Mutant(NamedTuple):
    """One change: the text of the changed lines before and after it, which stays the same when lines move."""

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
    """Return every mutant of ``modules`` with its status. Exits if mutmut itself fails."""
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
    outcomes = json.loads((WORK / "outcomes.json").read_text(encoding="utf-8"))
    return [
        (Mutant(outcome["module"], outcome["function"], outcome["before"], outcome["after"]), outcome["status"])
        for outcome in outcomes
    ]


def main() -> int:
    """Print a table, unlisted survivors, and listed mutants that do not survive; return 1 if there are any."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    all_modules = [module for _, modules in GROUPS for module in modules]
    parser.add_argument("modules", nargs="*", metavar="MODULE", help=", ".join(all_modules))
    selected = parser.parse_args().modules or all_modules
    for name in selected:
        if name not in all_modules:
            parser.error(f"MODULE {name}: expected one of {', '.join(all_modules)}")
    reasons, started, problems = listed(), time.monotonic(), []
    print(f"{'module':<20}{'mutants':>9}{'killed':>9}{'survived':>10}{'listed':>9}", flush=True)
    for tests, modules in GROUPS:
        of_group = [module for module in modules if module in selected]
        outcomes = mutate(tests, of_group) if of_group else []
        for module in of_group:
            mutants = [(mutant, status) for mutant, status in outcomes if mutant.module == module]
            survivors = [mutant for mutant, status in mutants if status in ("survived", "no tests", "not checked")]
            listed_here = {mutant for mutant in reasons if mutant.module == module}
            count = Counter(mutant in listed_here for mutant in survivors)
            row = (len(mutants), len(mutants) - len(survivors), len(survivors), count[True])
            print(f"{module:<20}{row[0]:>9}{row[1]:>9}{row[2]:>10}{row[3]:>9}", flush=True)
            problems += [f"not listed   {mutant}" for mutant in survivors if mutant not in listed_here]
            problems += [f"no survivor  {mutant}" for mutant in listed_here.difference(survivors)]
    print(f"{time.monotonic() - started:.0f} seconds", *problems, sep="\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
