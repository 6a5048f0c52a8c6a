"""Which assets a run is about, bound by bound."""

import pytest
from msgspec.structs import replace

from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.runs.run import Filter
from autotag.domain.state.asset_state import AssetState

DECIDED = 1_791_460_800_000
KNOWN = AssetState(
    AssetRef("a1", "stage/guitarist", "image", "upload", 100),
    "tagged",
    facts=Facts("stage", "jpg", {}, (), DECIDED),
    managed_tags={"Guitar": ("guitar",)},
    rules_seq=3,
    final_at=DECIDED,
)
UNREAD = AssetState(KNOWN.asset, "pending")
"""An asset of which only a categorization without labels has come: its folder is not known."""


@pytest.mark.parametrize(
    ("filter_", "meant"),
    [
        (Filter(), True),
        (Filter(assets=("a2", "a1")), True),
        (Filter(assets=("stage/guitarist",)), True),
        (Filter(assets=("a2",)), False),
        (Filter(statuses=("gone", "tagged")), True),
        (Filter(statuses=("gone",)), False),
        (Filter(tag="Guitar"), True),
        (Filter(tag="guitar"), False),
        (Filter(rules_before=4), True),
        (Filter(rules_before=3), False),
        (Filter(since=DECIDED), True),
        (Filter(since=DECIDED + 1), False),
        (Filter(until=DECIDED), True),
        (Filter(until=DECIDED - 1), False),
        (Filter(public_id="stage/*"), True),
        (Filter(public_id="*/drummer"), False),
        (Filter(folder="stage"), True),
        (Filter(folder="zoo"), False),
    ],
)
def test_each_bound_of_a_filter_holds(filter_: Filter, meant: bool) -> None:
    assert filter_.admits(KNOWN) is meant


@pytest.mark.parametrize(("filter_", "meant"), [(Filter(), True), (Filter(folder="stage"), False)])
def test_an_asset_whose_folder_is_not_known_is_in_no_folder(filter_: Filter, meant: bool) -> None:
    assert filter_.admits(UNREAD) is meant


def test_all_that_is_given_must_hold() -> None:
    good = Filter("stage", "stage/*", "Guitar", DECIDED, DECIDED, 4, ("tagged",), ("a1",))
    assert good.admits(KNOWN)
    for one_wrong in (
        replace(good, folder="zoo"),
        replace(good, public_id="zoo/*"),
        replace(good, tag="Drum"),
        replace(good, since=DECIDED + 1),
        replace(good, until=DECIDED - 1),
        replace(good, rules_before=3),
        replace(good, statuses=("gone",)),
        replace(good, assets=("a2",)),
    ):
        assert not one_wrong.admits(KNOWN)
