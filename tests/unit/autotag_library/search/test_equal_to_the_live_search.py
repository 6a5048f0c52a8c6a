"""A search of an export finds what a look at each asset by itself finds, and the pages together are all of it."""

from collections.abc import Sequence

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.labels import label_key
from autotag.domain.model.outcome import OutcomeKind
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.schema import Rules
from autotag.domain.search.match import Candidate, folded
from autotag.domain.search.query import Decided, Query, Term
from autotag.domain.search.reasons import reasons
from autotag.domain.state.asset_state import TagPreference
from autotag_library.search.index import open_index
from autotag_library.search.search import search
from tests.unit.autotag_cli.rules.diff.test_rules_diff_meaning import ADOPTING
from tests.unit.autotag_library.libraries import LIBRARIES, columns_of
from tests.unit.domain.rules.rule_strategies import SETS, TAGS
from tests.unit.domain.search.search_strategies import QUERIES

CHANGES = st.lists(
    st.builds(
        lambda want, tag, upload, withdrawn: TagPreference(
            want, 1_791_460_800_000, tag, (label_key(tag),), set_by_upload=upload, withdrawn=withdrawn
        ),
        st.sampled_from(["add", "remove"]), TAGS, st.booleans(), st.booleans(),
    ),
    max_size=2, unique_by=lambda each: label_key(each.tag),
).map(tuple)  # fmt: skip


def _changed(asset: ScannedAsset, changes: tuple[TagPreference, ...], name: str, known: bool) -> ScannedAsset:
    ref = replace(asset.asset, public_id=f"{asset.asset.public_id}{name}")
    return replace(asset, preferences=changes, asset=ref, facts=asset.facts if known else None)


EDITED = st.builds(
    lambda assets, changes: [_changed(asset, *more) for asset, more in zip(assets, changes, strict=False)],
    LIBRARIES,
    st.lists(st.tuples(CHANGES, st.sampled_from(["", "/Ä", "Σ"]), st.sampled_from([True] * 5 + [False])), min_size=30),
)


def all_pages(
    assets: Sequence[ScannedAsset], query: Query, ruleset: Ruleset, most: int = 7
) -> tuple[list[Candidate], int | None]:
    """Return what is found on all pages, and the total that each of them says."""
    found: list[Candidate] = []
    after, totals = -1, set()
    with columns_of(assets) as file:
        index = open_index(file, ruleset.providers)
        while True:
            page = search(index, query, ruleset, after, most, lambda: False)
            found += page.found
            totals.add(page.total)
            assert page.looked_at <= page.possible and len(page.found) <= most
            if page.rest is None:
                break
            assert page.rest > after
            after = page.rest
    assert len(totals) == 1
    return found, totals.pop()


@settings(max_examples=30)
@given(EDITED, QUERIES, ADOPTING)
def test_an_export_and_the_assets_themselves_give_the_same(
    assets: list[ScannedAsset], query: Query, rules: Rules
) -> None:
    ruleset = Ruleset(rules, SETS)
    wanted = [each for asset in assets if (each := Candidate(asset, ruleset)).matches(query)]
    wanted.sort(key=lambda each: each.asset.asset.public_id.encode())

    found, total = all_pages(assets, query, ruleset)

    assert [each.asset.asset for each in found] == [each.asset.asset for each in wanted]
    assert total == (None if query.needs_decision else len(wanted))
    for one, other in zip(found, wanted, strict=True):
        assert set(reasons(query, one)) == set(reasons(query, other))
        assert len(reasons(query, one)) >= bool(query.terms)


@settings(max_examples=20)
@given(EDITED, ADOPTING, st.sampled_from(["review", "given"]))
def test_no_question_is_left_out_of_the_review_band(
    assets: list[ScannedAsset], rules: Rules, outcome: OutcomeKind
) -> None:
    ruleset = Ruleset(rules, SETS)
    query = Query((Term(Decided(outcome)),))
    found, _ = all_pages(assets, query, ruleset)
    assert len(found) == sum(Candidate(asset, ruleset).matches(query) for asset in assets)


def test_letters_of_all_scripts_are_compared_without_case_in_the_same_way() -> None:
    characters = [each for each in map(chr, range(1, 0x110000)) if each.lower() != each.upper()]
    found = duckdb.execute(
        "SELECT list(lower(each) ORDER BY n) FROM (SELECT unnest($all) AS each, generate_subscripts($all, 1) AS n)",
        {"all": characters},
    ).fetchall()[0][0]
    assert found == [folded(each) for each in characters]
