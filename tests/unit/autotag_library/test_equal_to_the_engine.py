"""What columns say would change equals what the engine of the service says, asset by asset."""

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from autotag.domain.decisions.compare_questions import ChangedQuestions
from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.labels import REKOGNITION, Label
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject
from autotag.domain.rules.schema import Rules, When
from autotag_library.columns.load import load
from autotag_library.columns.rows import assets_of
from autotag_library.whatif.compare import Comparison, compare
from autotag_library.whatif.full import changes_of_asset, full_engine, questions_of_asset
from tests.unit.autotag_cli.rules.diff.test_rules_diff_meaning import ADOPTING, scanned
from tests.unit.autotag_library.libraries import LIBRARIES, UNTAGGED, USUAL_RULES, columns_of
from tests.unit.domain.rules.rule_strategies import CONFIDENCES, SETS


def by_asset(found: Comparison) -> dict[int, tuple[set[str], set[str], set[tuple[str, str]]]]:
    rows: dict[int, tuple[set[str], set[str], set[tuple[str, str]]]] = {}
    for side, tags in ((0, found.changes.gained), (1, found.changes.lost)):
        for asset, tag in zip(tags.asset.tolist(), tags.tag.tolist(), strict=True):
            assert found.tags[tag] not in rows.setdefault(asset, (set(), set(), set()))[side]
            rows[asset][side].add(found.tags[tag])
    renamed = found.changes.renamed
    for asset, old, new in zip(renamed.asset.tolist(), renamed.old.tolist(), renamed.new.tolist(), strict=True):
        rows[asset][2].add((found.tags[old], found.tags[new]))
    return rows


def asked_by_asset(found: Comparison) -> dict[int, ChangedQuestions]:
    rows: dict[int, tuple[set[str], set[str]]] = {}
    for side, keys in ((0, found.changes.asked), (1, found.changes.unasked)):
        for asset, key in zip(keys.asset.tolist(), keys.tag.tolist(), strict=True):
            rows.setdefault(asset, (set(), set()))[side].add(found.keys[key])
    return {n: ChangedQuestions(frozenset(asked), frozenset(unasked)) for n, (asked, unasked) in rows.items()}


def check(assets: list[ScannedAsset], one: Rules, other: Rules) -> Comparison:
    old, new = Ruleset(one, SETS), Ruleset(other, SETS)
    with columns_of(assets) as file:
        load(file, (*old.providers, *new.providers))
        library = load(file, (*old.providers, *new.providers))  # as it was kept
        engine = full_engine(file, old, new, questions=True)
        found = compare(library, old, new, engine, questions=True)
        read = list(assets_of(file))
        wanted = {n: changes_of_asset(asset, old, new) for n, asset in read}
        questions = {n: questions_of_asset(asset, old, new) for n, asset in read}

    changed = {n: each for n, each in wanted.items() if each is not None and (each.gained or each.lost)}
    assert by_asset(found) == {n: (set(e.gained), set(e.lost), set(e.renamed)) for n, e in changed.items()}
    assert asked_by_asset(found) == {n: each for n, each in questions.items() if each.asked or each.unasked}
    assert found.undecided == sum(each is None for each in wanted.values())
    assert (found.assets, found.changes.changed) == (len(assets), len(changed))
    return found


@settings(max_examples=40)
@given(LIBRARIES, ADOPTING, ADOPTING)
def test_columns_say_of_each_asset_what_the_engine_says(assets: list[ScannedAsset], one: Rules, other: Rules) -> None:
    check(assets, one, other)


def test_in_a_library_without_assets_nothing_changes() -> None:
    assert check([], Rules(), Rules(when=(When(skip=True),))).assets == 0


def test_a_block_that_tests_a_label_with_a_fault_is_not_left_to_columns() -> None:
    labels = {"aws_rek_tagging": [Label("Guitar", 0.9, "a fault")]}
    asset = scanned(labels, Subject(managed_tags=frozenset({"stage"})), frozenset())
    found = check([asset], Rules(), Rules(when=(When(labels_any=("Guitar",), skip=True),)))
    assert (found.apart, found.changes.changed) == (1, 1)


def test_where_rules_ask_for_metadata_only_assets_that_have_some_are_left_to_the_engine() -> None:
    labels = {"aws_rek_tagging": [Label("Guitar", 0.9)]}
    some: tuple[dict[str, str | tuple[str, ...]], ...]
    some = ({}, {"licence": "press"}, {"licence": ("free", "press")}, {"licence": "free"})
    assets = [scanned(labels, Subject(metadata=each), frozenset()) for each in some]
    assets = [replace(each, asset=replace(each.asset, public_id=f"p{n}")) for n, each in enumerate(assets)]
    found = check(assets, Rules(), Rules(when=(When(metadata={"licence": "press"}, add=("x",)),)))
    assert (found.apart, found.changes.changed) == (3, 2)
    assert check(assets, Rules(), Rules(when=(When(add=("x",)),))).apart == 0


@settings(max_examples=40)
@given(UNTAGGED, USUAL_RULES, USUAL_RULES)
def test_columns_suffice_for_assets_with_the_labels_of_one_provider(
    assets: list[ScannedAsset], one: Rules, other: Rules
) -> None:
    related = sum(REKOGNITION in asset.categorizations and bool(asset.subject().ancestors) for asset in assets)
    assert check(assets, one, other).apart <= related


@settings(max_examples=40)
@given(UNTAGGED, USUAL_RULES, st.dictionaries(st.integers(0, 3), CONFIDENCES), CONFIDENCES)
def test_moved_thresholds_alone_are_counted_right(
    assets: list[ScannedAsset], rules: Rules, moved: dict[int, float], usual: float
) -> None:
    labels = {
        name: replace(rule, threshold=moved.get(n, rule.threshold))
        for n, (name, rule) in enumerate(rules.labels.items())
    }
    check(assets, rules, replace(rules, labels=labels, defaults=replace(rules.defaults, threshold=usual)))


@settings(max_examples=40)
@given(LIBRARIES)
def test_no_part_of_an_asset_is_lost_in_columns(assets: list[ScannedAsset]) -> None:
    with columns_of(assets) as file:
        found = [asset for _, asset in assets_of(file)]
    assert found == sorted(assets, key=lambda each: each.asset.public_id)
