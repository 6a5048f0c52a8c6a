"""Structured metadata in an export: as it is stored, absent where it was never seen, and in no export of before."""

from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from msgspec import UNSET
from msgspec.structs import replace

from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.asset import Facts
from autotag.domain.rules.compiled.ruleset import Subject
from autotag_library.columns.load import load
from autotag_library.columns.rows import assets_of
from autotag_library.columns.subjects import count_undescribed
from tests.unit.autotag_cli.rules.diff.test_rules_diff_meaning import scanned
from tests.unit.autotag_library.libraries import columns_of

HELD = [{"licence": "press", "use": ("web", "print"), 'odd "id"': "é"}, {}, UNSET, None]


def library() -> list[ScannedAsset]:
    asset = scanned({}, Subject(folder="stage"), frozenset())
    found = []
    for n, held in enumerate(HELD):
        facts = None if held is None else Facts("stage", "jpg", {}, (), 1, held)  # type: ignore[arg-type]
        found.append(replace(asset, asset=replace(asset.asset, asset_id=f"a{n}", public_id=f"p{n}"), facts=facts))
    return found


def test_each_asset_comes_back_as_it_was() -> None:
    with columns_of(library()) as file:
        assert [asset for _, asset in assets_of(file)] == library()
        assert load(file, ["aws_rek_tagging"]).described.tolist() == [True, False, False, False]
        assert count_undescribed(str(file)) == 2


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """The file of a release whose exports had no such column."""
    file = tmp_path / "library.parquet"
    with columns_of(library()) as made, closing(duckdb.connect()) as db:
        db.read_parquet(str(made)).select(duckdb.StarExpression(exclude=["metadata"])).write_parquet(str(file))
    return file


def test_an_export_of_an_earlier_release_is_read_as_one_that_never_saw_metadata(earlier: Path) -> None:
    facts = [asset.facts for _, asset in assets_of(earlier)]
    assert [each.metadata if each else None for each in facts] == [UNSET, UNSET, UNSET, None]
    assert load(earlier, ["aws_rek_tagging"]).described.tolist() == [False] * 4
    assert count_undescribed(str(earlier)) == 4
