"""Invented libraries and people: what proposed thresholds do to the true cost.

    .venv/bin/python -m bench.learning [--scenario NAME]... [--seeds N] [--libraries 8] [--labels 16] [--pictures 5000]

Every asset, verdict and proposal goes through the product's own functions. The truths are those of
``bench.learning.curves``, libraries and people those of ``bench.learning.scenarios``. A line is a stage: from verdicts
alone, with random questions on each label, and with as many again after the first proposals were pushed. "worse" are
proposals that raise the true cost; "cost" is that of all labels against the bars at the start, "best" the lowest that
thresholds can reach; "holds" is how often the 95 % interval of the precision at the new bar holds the true one;
"missed" are labels without a proposal among those where more than a tenth could be saved.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from bench.learning.measure import Size, Tally, measure
from bench.learning.scenarios import SCENARIOS


def main() -> None:
    """Measure the scenarios and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenario", action="append", choices=list(SCENARIOS), help="only this one (all)")
    parser.add_argument("--seeds", type=int, default=1, help="repeat with as many seeds (1)")
    parser.add_argument("--first-seed", type=int, default=1, help="the first seed (1)")
    parser.add_argument("--libraries", type=int, default=8, help="libraries for each seed (8)")
    parser.add_argument("--labels", type=int, default=16, help="labels in a library (16)")
    parser.add_argument("--pictures", type=int, default=5000, help="pictures in a library (5000)")
    parser.add_argument("--per-label", type=int, default=60, help="random questions on a label (60)")
    parser.add_argument("--wrong-costs", type=float, default=1.0, help="missing tags as bad as a wrong one (1)")
    parser.add_argument("--before", action="store_true", help="show the former rule beside it")
    parser.add_argument("--processes", type=int, default=2, help="processes (2)")
    given = parser.parse_args()
    size = Size(given.libraries, given.labels, given.pictures, given.per_label)
    names = given.scenario or list(SCENARIOS)
    print(f"{given.seeds} seeds x {size.libraries} libraries x {size.labels} labels x {size.pictures} pictures")
    print(_LINE.format("scenario", "stage", "proposed", "worse", "cost", "best", "holds", "missed"))
    seeds = range(given.first_seed, given.first_seed + given.seeds)
    with ProcessPoolExecutor(given.processes, get_context("spawn")) as pool:
        futures = {
            name: [
                pool.submit(
                    measure, SCENARIOS[name], size, seed, number, before=given.before, wrong_costs=given.wrong_costs
                )
                for seed in seeds
                for number in range(size.libraries)
            ]
            for name in names
        }
        for name in names:
            stages: dict[str, Tally] = {}
            for future in futures[name]:
                for stage, tally in future.result().items():
                    _add(stages.setdefault(stage, Tally()), tally)
            for stage, tally in stages.items():
                print(_LINE.format(name, stage, *_cells(tally)), flush=True)


_LINE = "{:<20} {:<14} {:>16} {:>12} {:>8} {:>8} {:>8} {:>8}"
"""The columns, for a table that grows while it is measured."""


def _add(total: Tally, more: Tally) -> None:
    for field in Tally.__struct_fields__:
        setattr(total, field, getattr(total, field) + getattr(more, field))


def _cells(tally: Tally) -> list[str]:
    return [
        f"{_percent(tally.proposed, tally.labels)} of {tally.labels}",
        f"{_percent(tally.worse, tally.proposed)} ({tally.worse})",
        _change(tally.cost_after, tally.cost_before),
        _change(tally.cost_best, tally.cost_before),
        _percent(tally.covered, tally.intervals),
        _percent(tally.missed, tally.could),
    ]


def _percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def _change(after: float, before: float) -> str:
    return f"{100 * (after / before - 1):+.1f} %" if before else "-"


if __name__ == "__main__":
    main()
