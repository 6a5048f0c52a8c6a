"""What a planned run would change, as a page shows it."""

from msgspec import Struct

from autotag.domain.decisions.tag_changes import Rename, TagCounts
from autotag.domain.runs.planned import PlanTotals
from autotag.domain.sentences.operations.plans import explain_plan
from autotag.domain.sentences.operations.runs import duration_words
from autotag.domain.statistics.cost.run import run_dollars

MOST = 100
"""Tags that a page shows at most."""


class PlanView(Struct, frozen=True):
    """The plan in numbers; ``changed`` is what confirms a revert. ``dollars`` is about what AWS bills, as text.

    ``writes``: on how many assets anything is written.
    """

    sentence: str
    changed: int
    writes: int
    calls: int
    duration: str
    dollars: str
    tags: tuple[tuple[str, TagCounts], ...]
    renames: tuple[Rename, ...]
    more: int


def plan_view(totals: PlanTotals, rate: int) -> PlanView:
    """Return what a page shows of a plan that is carried out at ``rate`` assets a second."""
    writes = totals.changed + totals.state_only
    tags, renames = totals.tags.others(), totals.tags.ranked_renames()
    dollars = run_dollars(writes)
    return PlanView(
        sentence=explain_plan(totals),
        changed=totals.changed,
        writes=writes,
        calls=totals.calls,
        duration=duration_words(writes / rate),
        dollars=f"${dollars:,.2f}" if dollars >= 0.01 else "less than a cent",
        tags=tuple(tags[:MOST]),
        renames=tuple(renames[:MOST]),
        more=max(0, len(tags) - MOST) + max(0, len(renames) - MOST),
    )
