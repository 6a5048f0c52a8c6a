"""How a library is spread over days, confidences and corrections: every asset is counted once."""

from hypothesis import given
from hypothesis import strategies as st

from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.asset import AssetRef
from autotag.domain.model.labels import Categorization, Label
from autotag.domain.state.asset_state import TagPreference
from autotag.domain.statistics.cost.run import run_dollars
from autotag.domain.statistics.distributions import STEPS, Corrections, Distributions

DAY = 86_400_000


def scanned(
    labels: dict[str, float], *, decided_at: int = DAY, tags: tuple[str, ...] = (), said: tuple[TagPreference, ...] = ()
) -> ScannedAsset:
    found = Categorization("complete", tuple(Label(name, confidence) for name, confidence in labels.items()), 1)
    asset = AssetRef("a", "a", "image", "upload", 1)
    return ScannedAsset(
        asset=asset, facts=None, categorizations={"aws_rek_tagging": found}, managed_tags=tags,
        user_tags=(), suppressed=(), person_tags=(), status="tagged", review=(), preferences=said,
        decided_at=decided_at,
    )  # fmt: skip


@given(st.lists(st.dictionaries(st.sampled_from(["Dog", "Cat"]), st.floats(0, 1)), max_size=20))
def test_each_asset_with_a_label_is_in_one_step_of_it(library: list[dict[str, float]]) -> None:
    spread = Distributions()
    for labels in library:
        spread.add(scanned(labels))
    for name in ("Dog", "Cat"):
        assert sum(spread.confidences.get(name, [])) == sum(name in labels for labels in library)


def test_a_bound_belongs_to_the_step_above_and_one_to_the_last() -> None:
    spread = Distributions()
    for confidence in (0.7, 1.0):
        spread.add(scanned({"Dog": confidence}))
    assert [step / STEPS for step, number in enumerate(spread.confidences["Dog"]) if number] == [0.7, 0.95]


def test_tags_are_counted_on_the_day_of_the_decision_and_without_one_on_none() -> None:
    spread = Distributions()
    for at, tags in ((DAY, ("a", "b")), (2 * DAY - 1, ("a",)), (2 * DAY, ()), (0, ("a",))):
        spread.add(scanned({}, decided_at=at, tags=tags))
    assert {day: (counts.assets, counts.tags) for day, counts in spread.days.items()} == {1: (2, 3), 2: (1, 0)}


def test_corrections_are_those_of_the_labels_that_the_tag_stood_for() -> None:
    spread = Distributions()
    said = (
        TagPreference("remove", 1, "Pet", ("dog", "cat")),
        TagPreference("add", 1, "Boat"),
        TagPreference("add", 1, "Car", set_by_upload=True),
        TagPreference("add", 1, "Sun", ("sun",), answer="0" * 12),
        TagPreference("remove", 1, "Sea", ("sea",), answer="0" * 12),
    )
    spread.add(scanned({"Dog": 0.9}, said=said))
    removed = Corrections(removed=1)
    assert spread.corrections == {"dog": removed, "cat": removed, "boat": Corrections(added=1), "sea": removed}
    assert spread.names["dog"] == "Dog"


def test_a_run_over_a_million_assets_costs_what_the_manual_says() -> None:
    assert 5.1 <= run_dollars(1_000_000) <= 5.3
