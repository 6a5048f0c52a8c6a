"""Labels of Rekognition in an export: what rules ask for is there, ancestors included."""

import duckdb
import msgspec
from msgspec.structs import replace

from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.labels import Categorization, Label, LabelRelations
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject
from autotag.domain.rules.parse import parse_rules
from autotag_library.columns.load import load
from autotag_library.columns.rows import assets_of
from autotag_library.whatif.compare import compare
from autotag_library.whatif.full import full_engine
from tests.unit.autotag_cli.rules.diff.test_rules_diff_meaning import scanned
from tests.unit.autotag_library.libraries import columns_of

RULES = '[defaults]\nproviders = ["rekognition"]\n'
LABELS = (Label("Koala", 0.9821), Label("Animal", 0.97))
ABOUT = {"koala": LabelRelations(("Animal", "Mammal"), (), ("Animals and Pets",))}
FOUND = Categorization("complete", LABELS, 1_791_460_800_000, model="3.0", source="url", about=ABOUT)
ASSET = replace(
    scanned({}, Subject(), frozenset()),
    categorizations={"rekognition": FOUND, "aws_rek_tagging": Categorization("pending")},
)


def test_the_columns_have_the_labels_as_those_of_any_provider() -> None:
    with columns_of([ASSET]) as file:
        library = load(file, ["rekognition"])
        (row,) = assets_of(file)
    assert [library.names[each] for each in library.labels.values] == ["Koala", "Animal"]
    assert library.values[library.confidences].tolist() == [0.9821, 0.97]
    assert row[1].categorizations["rekognition"] == Categorization("complete", LABELS, FOUND.observed_at, about=ABOUT)
    assert row[1].categorizations["aws_rek_tagging"].status == "pending"


def test_an_export_of_an_earlier_release_has_no_ancestors() -> None:
    with columns_of([ASSET]) as file:
        older = file.with_name("older.parquet")
        duckdb.from_parquet(str(file)).project("* EXCLUDE about").write_parquet(str(older))
        library = load(older, ["rekognition"])
        (row,) = assets_of(older)
    assert library.related.tolist() == [False]
    assert row[1].categorizations["rekognition"] == Categorization("complete", LABELS, FOUND.observed_at)


def test_other_rules_for_ancestors_are_compared_by_the_engine_where_ancestors_are_known() -> None:
    plain = replace(ASSET, categorizations={"rekognition": replace(FOUND, about={})})
    keep, drop = (Ruleset(parse_rules(text)) for text in (RULES, f'{RULES}ancestors = "drop"'))
    with columns_of([ASSET, plain]) as file:
        found = compare(load(file, ["rekognition"]), keep, drop, full_engine(file, keep, drop))
    assert (found.apart, found.changes.changed) == (1, 1)
    assert [found.tags[tag] for tag in found.changes.lost.tag] == ["Animal"]


def test_a_line_of_an_export_has_all_of_it() -> None:
    assert msgspec.json.decode(msgspec.json.encode(ASSET), type=ScannedAsset) == ASSET
