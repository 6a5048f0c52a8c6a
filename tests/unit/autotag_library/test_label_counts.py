"""Labels counted from columns: what counting asset by asset finds, however many assets are read at once."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.labels import REKOGNITION, Label, LabelRelations
from autotag.domain.rules.compiled.ruleset import Subject
from autotag.domain.rules.schema import Rules
from autotag.domain.state.asset_state import TagPreference
from autotag.domain.statistics.label_counts import LibraryLabels
from autotag.domain.statistics.label_tags import LabelTags
from autotag_library.label_counts import count_labels
from tests.unit.autotag_cli.rules.diff.test_rules_diff_meaning import scanned
from tests.unit.autotag_library.libraries import LIBRARIES, columns_of
from tests.unit.domain.rules.rule_strategies import FEW_TAGS, RULES, TAGS

SAID = st.lists(
    st.builds(
        TagPreference,
        st.sampled_from(["add", "remove"]),
        st.just(1),
        TAGS,
        st.lists(st.sampled_from(["guitar", "cat", "music"]), max_size=2).map(tuple),
        withdrawn=st.booleans(),
    ),
    max_size=3,
).map(tuple)
EDITED = st.builds(
    lambda assets, review, said: [
        replace(asset, review=review[n % len(review)], preferences=said[n % len(said)])
        for n, asset in enumerate(assets)
    ],
    LIBRARIES,
    st.lists(FEW_TAGS, min_size=1, max_size=3),
    st.lists(SAID, min_size=1, max_size=3),
)


def counted(assets: list[ScannedAsset], rules: Rules, provider: str | None) -> LibraryLabels:
    found = LibraryLabels()
    for asset in assets:
        found.add(asset, LabelTags(rules), provider)
    return found


@settings(max_examples=20)
@given(
    EDITED,
    RULES,
    st.sampled_from([None, "aws_rek_tagging", "google_tagging", "imagga_tagging", "rekognition"]),
    st.integers(1, 40),
    st.sampled_from([1, 8, 2**20]),
)
def test_columns_give_the_same_counts_as_the_assets(
    assets: list[ScannedAsset], rules: Rules, provider: str | None, block: int, cells: int
) -> None:
    with columns_of(assets) as file:
        found = count_labels(file, LabelTags(rules), provider, block=block, cells=cells)
    expected = counted(assets, rules, provider)
    assert (found.assets, found.labels, found.removed) == (expected.assets, expected.labels, expected.removed)
    assert found.detected == expected.detected


def test_the_last_answer_of_rekognition_tells_the_categories_of_a_label() -> None:
    asset = scanned({REKOGNITION: [Label("Koala", 0.9)]}, Subject(), frozenset())

    def answered(at: int, **categories: tuple[str, ...]) -> ScannedAsset:
        about = {key: LabelRelations(("Animal",), (), names) for key, names in categories.items()}
        answer = replace(asset.categorizations[REKOGNITION], observed_at=at, about=about)
        return replace(asset, categorizations={REKOGNITION: answer})

    assets = [
        answered(5, koala=("Pets",), dog=("Pets",)),
        answered(9, koala=("Zoo", "Animals")),
        answered(9, koala=()),
        answered(1),
    ]
    expected = {"koala": (9, ("Zoo", "Animals")), "dog": (5, ("Pets",))}
    with columns_of(assets) as file:
        assert count_labels(file, LabelTags(Rules())).detected == expected
        assert count_labels(file, LabelTags(Rules()), "google_tagging").detected == {}
    assert counted(assets, Rules(), None).detected == counted(assets[::-1], Rules(), REKOGNITION).detected == expected
    assert counted(assets, Rules(), "google_tagging").detected == {}


def test_two_tags_of_an_asset_that_a_label_may_have_given_count_once() -> None:
    subject = Subject(managed_tags=frozenset({"Dog", "dog"}))
    assets = [scanned({"aws_rek_tagging": [Label("Dog", 0.9)]}, subject, frozenset())]
    with columns_of(assets) as file:
        found = count_labels(file, LabelTags(Rules()))
    assert found.labels["dog"].tagged == counted(assets, Rules(), None).labels["dog"].tagged == 1


def test_an_export_without_assets_has_no_labels() -> None:
    with columns_of([]) as file:
        assert count_labels(file, LabelTags(Rules())) == LibraryLabels()


def test_nothing_is_written_beside_the_file() -> None:
    with columns_of([scanned({"aws_rek_tagging": [Label("Dog", 0.9)]}, Subject(), frozenset())]) as file:
        before = sorted(Path(file.parent).iterdir())
        assert count_labels(file, LabelTags(Rules())).labels["dog"].assets == 1
        assert sorted(Path(file.parent).iterdir()) == before
