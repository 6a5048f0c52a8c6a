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


def _in(folder: str, *without: str) -> list[str]:
    """Return the test files below a folder of tests/, except those named ``without``."""
    found = sorted((ROOT / "tests" / folder).rglob("test_*.py"))
    return [str(path.relative_to(ROOT / "tests")) for path in found if path.name not in without]


_MACHINES = ("test_machine.py", "test_undo_machine.py")  # each guarantee has a test of its own, and these take minutes
_SERVICE = _in("unit/service", *_MACHINES, "test_backfill.py", "test_health.py", "test_revert.py", "test_scan.py")
_INTAKE = [
    "unit/domain/notifications/test_signature.py",
    "unit/handlers/test_webhook_answers.py",
    "unit/handlers/test_webhook_secrets.py",
    *_in("unit/service/intake"),
]
_TAGGING = "unit/service/tagging"
_READS = [
    *_in(f"{_TAGGING}/lifecycle"),
    *_in(f"{_TAGGING}/reading"),
    *(f"{_TAGGING}/faults/test_{name}.py" for name in ("faults_size", "meanwhile", "same_moment", "two_at_once")),
    f"{_TAGGING}/people/test_people.py",
    f"{_TAGGING}/people/test_people_again.py",
]
_RUNS = [
    *_in("unit/domain/runs"),
    "unit/handlers/test_ops_runs.py",
    "unit/service/test_poller.py",
    *_in("unit/service/runs"),
    f"{_TAGGING}/lifecycle/test_asset_facts.py",
]
_UNDO = [
    "unit/handlers/test_ops_undo.py",
    "unit/service/review/test_undo.py",
    "unit/service/review/test_undo_exactly.py",
]
_OTHERS = ("active_rules", "audits", "cost", "eventbridge", "secrets_manager", "sqs", "stored_rules")
_TABLES = [*_in("integration/adapters/aws", *(f"test_{name}.py" for name in _OTHERS)), "unit/test_wire_names.py"]


def _of(package: str, *names: str) -> list[str]:
    return [f"{package}/{name}" for name in names]


GROUPS = [
    (_INTAKE, ["domain/notifications/signature", "service/intake/accept"]),
    (_RUNS, _of("domain/runs", "revert", "run")),
    (_RUNS, _of("service/runs", "requests", "group", "batch_execute")),
    (_TABLES, _of("adapters/aws/dynamodb", "api_limits", "states", "runs", "items", "query")),
    (
        [*_in("unit/domain/state"), *_SERVICE],
        _of(
            "domain/state",
            *("merge", "overwrite", "auto_tagging", "tag_ownership", "echo", "absence", "claim", "complete"),
            "person_edits",
        ),
    ),
    (["unit/domain/state/test_edit_audit.py"], ["domain/state/edit_audit"]),
    (_UNDO, ["domain/review/undo"]),
    # each of these tests runs whole assets through the service
    (_READS, _of("service/tagging", "hints", "confirm_read", "poll", "observe", "lifecycle")),
    (
        ["unit/handlers/test_worker.py", *_SERVICE],
        _of("service/tagging", "person_edits", "execute", "cloudinary_calls"),
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
    found = json.loads((WORK / "outcomes.json").read_text(encoding="utf-8"))
    return [(Mutant(x["module"], x["function"], x["before"], x["after"]), x["status"]) for x in found]


def main() -> int:
    """Print a table, unlisted survivors, and listed mutants that do not survive; return 1 if there are any."""
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
