"""``make official``: the tests of Cloudinary's own clients against the local Cloudinary, compared with the lists.

The exit code is 0 if every listed test passed and every other one is left out with a reason, otherwise 1.
"""

import argparse
import sys
import tempfile
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.official.lists import InvalidList, Lists, Run, Verdict, by_class, compare, read_lists
from tests.official.suite import Suite
from tests.official.unpacked import CLIENTS, MissingSource

ROOT = Path(__file__).parents[2]
_FAULTS = ("failed", "skipped", "missing", "in neither list", "gone", "not collected")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run both clients' tests, print what came out, and return the exit code."""
    options = _parser().parse_args(arguments)
    work = ROOT / ".local" / "official"
    work.mkdir(parents=True, exist_ok=True)
    try:
        lists = read_lists(options.lists)
        with tempfile.TemporaryDirectory(dir=work) as folder, ThreadPoolExecutor() as pool:
            suite = Suite(options.python, options.sources, Path(folder))
            runs = list(pool.map(lambda client: suite.run(client, lists), CLIENTS))
    except (InvalidList, MissingSource) as error:
        print(error, file=sys.stderr)
        return 1
    return report(lists, runs)


def report(lists: Lists, runs: Iterable[Run]) -> int:
    """Print what came out of the runs of both clients, and return the exit code."""
    run = Run()
    for part in runs:
        run.collected |= part.collected
        run.outcomes |= part.outcomes
        run.uncollected |= part.uncollected
        run.tolerated |= part.tolerated
    verdict = compare(lists, run)
    print("\n".join(_lines(lists, run, verdict)))
    return 1 if verdict.problems else 0


def _lines(lists: Lists, run: Run, verdict: Verdict) -> Iterator[str]:
    yield f"left out: {len(verdict.left_out)}"
    for reason in dict.fromkeys(lists.left_out.values()):
        names = [name for name in verdict.left_out if lists.left_out[name] == reason]
        yield f"  {reason}: {len(names)}"
        yield from _names(names, "    ")
    yield f"passed: {len(verdict.passed)}"
    yield from _names(verdict.passed, "  ")
    for field, detail in sorted(run.tolerated.items()):
        yield f"tolerated: the metadata field {field}: {detail}"
    yield from verdict.problems
    for fault in _FAULTS:
        if count := sum(problem.startswith(f"{fault}: ") for problem in verdict.problems):
            yield f"{fault}: {count}"
    yield f"official: {len(verdict.passed)} passed, {len(verdict.problems)} failed"


def _names(names: Iterable[str], indent: str) -> Iterator[str]:
    for scope, tests in by_class(names).items():
        yield from textwrap.wrap(
            f"{scope} ({len(tests)}): {', '.join(tests)}", 120, initial_indent=indent, subsequent_indent=f"{indent}  ",
            break_long_words=False, break_on_hyphens=False,
        )  # fmt: skip


def _parser() -> argparse.ArgumentParser:
    tools = ROOT / ".tools" / "official"
    parser = argparse.ArgumentParser(prog="python -m tests.official.run", description=__doc__.partition("\n")[0])
    parser.add_argument("--lists", type=Path, default=Path(__file__).parent, help="folder of the two lists")
    parser.add_argument("--sources", type=Path, default=tools / "sources", help="folder of the source distributions")
    parser.add_argument("--python", type=Path, default=tools / "bin" / "python", help="Python of their environment")
    return parser


if __name__ == "__main__":
    sys.exit(main())
