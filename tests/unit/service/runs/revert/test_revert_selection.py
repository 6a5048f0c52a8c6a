"""What a revert selects: an asset, a tag, rules, a time, or everything."""

import pytest

from autotag.domain.model.audit import moment
from autotag.domain.runs.run import Filter, RevertSelection
from tests.unit.service.runs.revert.revert_library import retagged
from tests.unit.service.runs.run_library import NEW


def test_reverting_an_asset_leaves_the_others() -> None:
    library, _, _ = retagged()
    others = {asset: tags for asset, tags in library.tags().items() if asset != "a1"}
    library.finish(library.run("revert", filter=Filter(assets=("a1",))))

    assert library.tags() == others | {"a1": {"press"}}


def test_reverting_a_tag_leaves_the_other_tags() -> None:
    library, _, _ = retagged()
    before = library.tags()
    library.finish(library.run("revert", undo=RevertSelection(tag="cat")))

    assert library.tags() == {asset: tags - {"Cat"} for asset, tags in before.items()}


@pytest.mark.parametrize("by", ["rules", "since"])
def test_reverting_what_rules_or_a_time_decided(by: str) -> None:
    library, before, run_id = retagged()
    version = library.fakes.rules.now[0].version
    since = library.run_of(run_id).created_at
    undo = RevertSelection(rules=version[:12]) if by == "rules" else RevertSelection(since=since)
    library.finish(library.run("revert", undo=undo))

    assert library.tags() == before


def test_what_was_decided_before_a_time_is_left() -> None:
    library, _, run_id = retagged()
    after = library.tags()
    ended = library.run_of(run_id).ended_at
    library.finish(library.run("revert", undo=RevertSelection(since=ended + 1000)))

    assert library.tags() == after


def test_a_time_includes_the_moments_that_it_is_named_by() -> None:
    library, before, _ = retagged()
    after = library.tags()
    audit = next(each for each in library.fakes.bus.sent[::-1] if each.asset.asset_id == "a0")
    at, only = moment(audit), Filter(assets=("a0",))
    for undo in (RevertSelection(since=at + 1), RevertSelection(since=1, until=at - 1)):
        plan = library.plan(library.run("revert", filter=only, undo=undo))
        assert "crowd" not in plan.get("a0", (set(), set()))[1]
    library.finish(library.run("revert", filter=only, undo=RevertSelection(since=at, until=at)))

    assert library.tags() == after | {"a0": before["a0"]}


def test_all_that_was_decided_since_a_time_is_undone_whichever_tags_each_decision_changed() -> None:
    library, before, run_id = retagged()
    library.fakes.rules.use(f'{NEW}[labels.Cat]\ntag = "feline"\n', 2)
    library.finish(library.run())
    assert library.tags()["a1"] == {"press", "crowd", "feline"}
    since = library.run_of(run_id).created_at
    library.finish(library.run("revert", undo=RevertSelection(since=since)))

    assert library.tags() == before
