"""A plan in a form is of bounded length; what counts for a person's decision stays exact."""

import secrets

from autotag.domain.decisions.tag_changes import TagCounts
from autotag.domain.model.asset import AssetRef
from autotag.domain.runs.planned import Planned, PlanPage
from autotag.service.runs.requests import PlanRun
from autotag_console.ask import ActiveRules
from autotag_console.runs.sealed import open_plan, seal_plan
from autotag_console.runs.steps import PartialPlan, begin
from autotag_console.sign_in.sealed import LONGEST, Sealer
from autotag_console.views.run_plan import MOST

RULES = ActiveRules("c0ffee", 7, "acme", None)
ADA = "oidc:login.example.com:ada@example.com"
SEALER = Sealer(b"k" * 32, lambda: 1_800_000_000)


def planned(tags: int) -> PartialPlan:
    """Return a plan of ``tags`` tags with names that cannot be packed, the first of which are on most assets."""
    plan = begin(PlanRun(action="retag"), RULES, "b" * 32)
    names = [f"{n:05}{secrets.token_hex(100)}" for n in range(tags)]
    assets = [
        Planned(AssetRef(f"{n}-{times}", names[n], "image", "upload", 1), (names[n],), (), ())
        for n in range(tags)
        for times in range(2 if n < MOST else 1)
    ]
    plan.totals.add(PlanPage(len(assets) + 5, tuple(assets), None))
    return plan


def test_a_plan_comes_out_as_it_went_in() -> None:
    plan, text = seal_plan(SEALER, ADA, planned(3))
    opened = open_plan(SEALER, ADA, text)
    assert opened == plan and not opened.cut and (opened.totals.seen, opened.totals.changed) == (11, 6)
    assert [counts.gained for _, counts in opened.totals.tags.others()] == [2, 2, 2]


def test_a_plan_of_many_tags_fits_and_keeps_its_sums_and_the_tags_on_most_assets() -> None:
    whole = planned(3000)
    plan, text = seal_plan(SEALER, ADA, whole)
    assert len(text) <= LONGEST and plan.cut
    opened = open_plan(SEALER, ADA, text)
    assert (opened.totals.seen, opened.totals.changed, opened.totals.calls) == (3105, 3100, whole.totals.calls)
    assert opened.totals.tags.others()[:MOST] == whole.totals.tags.others()[:MOST]
    assert all(not counts.gained_by for _, counts in opened.totals.tags.others()[MOST:])


def test_a_plan_that_was_cut_says_so_for_good() -> None:
    plan, _ = seal_plan(SEALER, ADA, planned(3000))
    plan.totals.tags.besides.clear()
    plan.totals.tags.besides["guitar"] = TagCounts(1)
    assert seal_plan(SEALER, ADA, plan)[0].cut
