"""Measurements of the console, in a real browser on the local stack of ``make up``, which is started if necessary.

    .venv/bin/python bench/console.py review [--pictures N] [--questions N] [--undo N]
    .venv/bin/python bench/console.py first-page [--waiting N]

review: a librarian's session. Drawn pictures are uploaded, and decided on by rules that ask people. Questions are
answered by the keyboard alone, at a person's pace; some answers are taken back. The audits then tell who gave them.
first-page: how long the deck's first page takes with many waiting assets. They are written into the table, as copies
of one that the service decided on.

Both need Chromium: `make browser` unpacks it.
"""

import argparse
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]


def main() -> None:
    """Run the requested measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    measurements = parser.add_subparsers(dest="measurement", required=True)
    review = measurements.add_parser("review", help="a hundred questions, answered at a person's pace")
    review.add_argument("--pictures", type=int, default=300, help="number of pictures (300)")
    review.add_argument("--questions", type=int, default=100, help="answers that stand in the end (100)")
    review.add_argument("--undo", type=int, default=10, help="answers that are taken back in between (10)")
    first = measurements.add_parser("first-page", help="the deck's first page with many waiting assets")
    first.add_argument("--waiting", type=int, default=10_000, help="number of waiting assets (10,000)")
    options = parser.parse_args()
    if min(value for value in vars(options).values() if isinstance(value, int)) < 1:
        parser.error("expected numbers of at least 1")
    from bench.library import console_first_page, console_review
    from local.commands.up import start_if_needed

    stack = start_if_needed(print)
    with tempfile.TemporaryDirectory() as folder:
        if options.measurement == "review":
            plan = console_review.Plan(options.pictures, options.questions, options.undo)
            console_review.run(stack, Path(folder), plan, print)
        else:
            console_first_page.run(stack, Path(folder), options.waiting, print)


if __name__ == "__main__":
    main()
