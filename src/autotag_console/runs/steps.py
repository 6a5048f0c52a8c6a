"""Plans that are made step by step, where nothing goes on after an answer: each step reads for some seconds.

What there is so far fits into a form, so nothing is kept in between.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy

from msgspec import Struct
from msgspec.structs import replace

from autotag.domain.decisions.tag_changes import TagChangeCounts, TagCounts
from autotag.domain.runs.planned import PlanTotals
from autotag.domain.runs.run import SEGMENTS
from autotag.service.runs.requests import PlanRun
from autotag_console.ask import ActiveRules, Ask
from autotag_console.runs.plans import BEGINNING, count_pages
from autotag_console.views.run_plan import MOST


class PartialPlan(Struct, frozen=True):
    """A plan as far as it is made, under the rules that were active at its beginning.

    ``run`` is the id of the one run that it may start. ``cursors`` say where each segment goes on; those that are
    through have none. ``cut``: rare tags were left out, so that those which are there may be counted too low.
    """

    request: PlanRun
    rules: ActiveRules
    run: str
    totals: PlanTotals
    cursors: dict[int, str]
    cut: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether every asset was looked at."""
        return not self.cursors


def begin(request: PlanRun, rules: ActiveRules, run: str) -> PartialPlan:
    """Return a plan before its first step."""
    return PartialPlan(request, rules, run, PlanTotals(), dict(BEGINNING))


def go_on(ask: Ask, plan: PartialPlan, patient: Callable[[], bool]) -> PartialPlan:
    """Return the plan after a step: at least a page of each segment, and more until ``patient`` says no.

    Raises what ``Ask`` raises, and ``UnknownForm``.
    """
    totals, cursors = deepcopy(plan.totals), plan.cursors
    with ThreadPoolExecutor(SEGMENTS) as pool:
        while cursors:
            cursors = count_pages(ask, plan.request, cursors, totals, pool)
            if not patient():
                break
    return replace(plan, totals=totals, cursors=cursors)


def shortened(plan: PartialPlan, most: int) -> PartialPlan:
    """Return the plan with the ``most`` tags and renames on most assets; examples are kept for those that are shown.

    How many assets change, and the calls, stay exact.
    """
    counts = plan.totals.tags
    others, renames = counts.others(), counts.ranked_renames()
    kept = TagChangeCounts(
        counts.examples,
        counts.assets,
        counts.undecided,
        counts.changed,
        renames={
            f"{each.old}\n{each.new}": each if n < MOST else replace(each, examples=[])
            for n, each in enumerate(renames[:most])
        },
        besides={
            tag: each if n < MOST else TagCounts(each.gained, each.lost) for n, (tag, each) in enumerate(others[:most])
        },
    )
    cut = plan.cut or max(len(others), len(renames)) > most
    return replace(plan, totals=replace(plan.totals, tags=kept), cut=cut)
