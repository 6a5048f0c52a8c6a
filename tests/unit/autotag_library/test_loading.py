"""Reading an export into arrays: the same in one part or many, and the same again from the arrays that were kept."""

from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.labels import Label
from autotag.domain.rules.compiled.ruleset import Subject
from autotag_library.arrays import Library, Ragged
from autotag_library.columns.connection import connect
from autotag_library.columns.kept_arrays import SUFFIX, open_arrays
from autotag_library.columns.labels import read_labels
from autotag_library.columns.load import load
from tests.unit.autotag_cli.export.test_export import disk_of
from tests.unit.autotag_cli.rules.diff.test_rules_diff_meaning import scanned
from tests.unit.autotag_library.libraries import LIBRARIES, columns_of

REKOGNITION = "aws_rek_tagging"


def plain(found: Any) -> Any:
    if isinstance(found, np.ndarray):
        return found.dtype.name, found.tolist()
    return tuple(map(plain, found)) if isinstance(found, Library | Ragged) else found


@settings(max_examples=25)
@given(LIBRARIES, st.integers(1, 7))
def test_labels_are_the_same_however_many_assets_are_read_at_once(assets: list[ScannedAsset], block: int) -> None:
    with columns_of(assets) as file, closing(connect()) as db, closing(connect()) as other:
        whole = read_labels(db, str(file), (REKOGNITION, "google_tagging"), len(assets))
        parts = read_labels(other, str(file), (REKOGNITION, "google_tagging"), len(assets), block)
    for one, another in zip(whole, parts, strict=True):
        assert plain(one) == plain(another)


def test_the_most_confident_labels_come_first_and_those_of_equal_confidence_by_name() -> None:
    labels = [Label("Drum", 0.5), Label("Crowd", 0.9), Label("Amp", 0.5), Label("Guitar", 0.123456789)]
    with columns_of([scanned({REKOGNITION: labels}, Subject(), frozenset())]) as file:
        library = load(file, [REKOGNITION])
    names = [library.names[each] for each in library.labels.values]
    assert names == ["Crowd", "Amp", "Drum", "Guitar"]
    assert library.values[library.confidences].tolist() == [0.9, 0.5, 0.5, 0.123456789]


def some(name: str = "Guitar") -> list[ScannedAsset]:
    return [scanned({REKOGNITION: [Label(name, 0.9)]}, Subject(managed_tags=frozenset({"stage"})), frozenset())]


def test_arrays_are_kept_beside_the_file_and_found_again() -> None:
    with columns_of(some()) as file:
        read = load(file, [REKOGNITION])
        kept = open_arrays(file, (REKOGNITION,))
        assert kept is not None and plain(kept) == plain(read)
        assert open_arrays(file, (REKOGNITION, "google_tagging")) is None


def test_a_new_export_in_place_of_the_file_is_read_anew() -> None:
    with columns_of(some()) as file, columns_of(some("Drum")) as newer:
        load(file, [REKOGNITION])
        newer.replace(file)
        assert load(file, [REKOGNITION]).names == ("Drum",)
        assert load(file, [REKOGNITION]).names == ("Drum",)


@pytest.mark.parametrize("damaged", ["labels.npy", "labels.first.npy", "values.npy", "texts.json"])
@pytest.mark.parametrize("left", [0, 20])
def test_damaged_arrays_are_read_anew(damaged: str, left: int) -> None:
    with columns_of(some()) as file:
        wanted = plain(load(file, [REKOGNITION]))
        array = Path(f"{file}{SUFFIX}") / damaged
        array.write_bytes(array.read_bytes()[:left])
        assert plain(load(file, [REKOGNITION])) == wanted
        assert open_arrays(file, (REKOGNITION,)) is not None


def test_without_room_for_the_arrays_the_answer_is_the_same() -> None:
    with columns_of(some()) as file:
        with disk_of(10):
            assert load(file, [REKOGNITION]).names == ("Guitar",)
        assert [each.name for each in file.parent.iterdir() if SUFFIX in each.name] == []


def test_what_a_killed_process_left_of_the_arrays_is_removed() -> None:
    with columns_of(some()) as file:
        left = file.with_name(f".{file.name}{SUFFIX}-abc")
        left.mkdir()
        load(file, [REKOGNITION])
        assert not left.exists()
