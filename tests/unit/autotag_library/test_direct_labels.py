"""Labels of Rekognition in an export: what rules ask for is there, and what is said about labels is left out."""

import msgspec
from msgspec.structs import replace

from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.labels import Categorization, Label, LabelRelations
from autotag.domain.rules.compiled.ruleset import Subject
from autotag_library.columns.load import load
from autotag_library.columns.rows import assets_of
from tests.unit.autotag_cli.rules.diff.test_rules_diff_meaning import scanned
from tests.unit.autotag_library.libraries import columns_of

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
    assert row[1].categorizations["rekognition"] == Categorization("complete", LABELS, FOUND.observed_at)
    assert row[1].categorizations["aws_rek_tagging"].status == "pending"


def test_a_line_of_an_export_has_all_of_it() -> None:
    assert msgspec.json.decode(msgspec.json.encode(ASSET), type=ScannedAsset) == ASSET
