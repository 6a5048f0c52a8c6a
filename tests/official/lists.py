"""The lists of tests, what came out of a run, and the comparison of both."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Result = Literal["passed", "failed", "skipped"]


class InvalidList(Exception):
    """A list cannot be used. The message names the file and the fault."""


@dataclass(frozen=True)
class Lists:
    """The tests that must pass, and those that are left out with the reason of each; names begin with the client's.

    ``sdk test.test_api.ApiTest::test01_ping`` is such a name.
    """

    must_pass: frozenset[str]
    left_out: dict[str, str]

    def of(self, client: str) -> list[str]:
        """Return the names of the tests of one client that must pass, without the client's."""
        return sorted(name.partition(" ")[2] for name in self.must_pass if name.startswith(f"{client} "))


@dataclass
class Run:
    """What came out of a run of both clients' tests.

    ``outcomes`` has the result and the detail of each test that ran. ``uncollected`` are modules that cannot be
    imported and clients whose tests ended early, ``tolerated`` the metadata fields that no class could create.
    """

    collected: set[str] = field(default_factory=set)
    outcomes: dict[str, tuple[Result, str]] = field(default_factory=dict)
    uncollected: dict[str, str] = field(default_factory=dict)
    tolerated: dict[str, str] = field(default_factory=dict)

    def note(self, name: str, result: Result, detail: str) -> None:
        """Keep the result of a test. A failure stays, whatever follows: a teardown may fail after the test passed."""
        if self.result(name) != "failed":
            self.outcomes[name] = (result, detail)

    def result(self, name: str) -> str:
        """Return the result of a test, nothing if it did not run."""
        return self.outcomes[name][0] if name in self.outcomes else ""


@dataclass(frozen=True)
class Verdict:
    """The comparison: names of tests that passed and were left out, and a sentence for each other one."""

    passed: list[str]
    left_out: list[str]
    problems: list[str]


def read_lists(folder: Path) -> Lists:
    """Read ``tests.txt`` and ``out_of_scope.toml``. Raises ``InvalidList`` for a name that stands twice."""
    file, reasons = folder / "tests.txt", folder / "out_of_scope.toml"
    lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
    names = [line for line in lines if line and not line.startswith("#")]
    try:
        groups = tomllib.loads(reasons.read_text(encoding="utf-8"))["left_out"]
        left_out = [(name, group["reason"]) for group in groups for name in group["tests"]]
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise InvalidList(f"{reasons}: expected tables [[left_out]] with a reason and tests: {error}") from error
    if twice := [name for name, count in Counter([*names, *(name for name, _ in left_out)]).items() if count > 1]:
        raise InvalidList(f"{file} and {reasons}: {', '.join(sorted(twice))} must stand in one list, once.")
    return Lists(frozenset(names), dict(left_out))


def compare(lists: Lists, run: Run) -> Verdict:
    """Return what a run means for the lists."""
    passed = sorted(name for name in lists.must_pass if run.result(name) == "passed")
    left_out = sorted(run.collected & lists.left_out.keys())
    return Verdict(passed, left_out, list(_problems(lists, run)))


def _problems(lists: Lists, run: Run) -> Iterator[str]:
    for module, detail in sorted(run.uncollected.items()):
        yield f"not collected: {module}: {detail}"
    for name in sorted(lists.must_pass):
        if name not in run.collected:
            yield f"missing: {name}: tests.txt names it, but it was not collected"
        elif name not in run.outcomes:
            yield f"missing: {name}: it was collected, but did not run"
        elif run.outcomes[name][0] != "passed":
            result, detail = run.outcomes[name]
            yield f"{result}: {name}: {detail}"
    for name in sorted(run.collected - lists.must_pass - lists.left_out.keys()):
        yield f"in neither list: {name}: name it in tests.txt, or with a reason in out_of_scope.toml"
    for name in sorted(lists.left_out.keys() - run.collected):
        yield f"gone: {name}: out_of_scope.toml names it, but it was not collected"


def by_class(names: Iterable[str]) -> dict[str, list[str]]:
    """Return the last parts of names, by what stands before: the client, the module and the class."""
    grouped: dict[str, list[str]] = {}
    for name in names:
        scope, _, test = name.rpartition("::")
        grouped.setdefault(scope, []).append(test)
    return grouped
