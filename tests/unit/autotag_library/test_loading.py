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
from autotag_library.columns.kept_arrays import SUFFIX, keep_arrays, open_arrays
from autotag_library.columns.labels import read_labels
from autotag_library.columns.load import load
from autotag_library.columns.rows import assets_of
from autotag_library.columns.stamp import stamp_of
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


def kept_beside(file: Path) -> Path:
    (found,) = (each for each in file.parent.iterdir() if each.name.endswith(SUFFIX))
    return found


def test_a_new_export_in_place_of_the_file_is_read_anew() -> None:
    with columns_of(some()) as file, columns_of(some("Drum")) as newer:
        load(file, [REKOGNITION])
        newer.replace(file)
        assert load(file, [REKOGNITION]).names == ("Drum",)
        assert load(file, [REKOGNITION]).names == ("Drum",)


@pytest.mark.parametrize("damaged", ["labels.npy", "labels.first.npy", "values.npy", "texts.json"])
@pytest.mark.parametrize("left", [0, 20, -1])
def test_damaged_arrays_are_read_anew(damaged: str, left: int) -> None:
    with columns_of(some()) as file:
        wanted = plain(load(file, [REKOGNITION]))
        array = kept_beside(file) / damaged
        array.write_bytes(array.read_bytes()[:left] if left >= 0 else b"PK\x03\x04")  # the latter looks like a zip file
        assert plain(load(file, [REKOGNITION])) == wanted
        assert open_arrays(file, (REKOGNITION,)) is not None


def test_arrays_of_a_file_that_was_replaced_while_it_was_read_are_not_kept() -> None:
    with columns_of(some()) as file, columns_of(some("Drum")) as newer:
        old = load(file, [REKOGNITION])
        before = stamp_of(file)
        newer.replace(file)
        keep_arrays(file, old, before)  # as a process does that began to read before
        assert load(file, [REKOGNITION]).names == ("Drum",)


@pytest.mark.parametrize("name", ["library[1].parquet", "lib*.parquet", "librar?1.parquet", "it's {a} \\ b!.parquet"])
def test_a_name_that_looks_like_a_pattern_names_one_file(name: str) -> None:
    with columns_of(some("Drum")) as other, columns_of(some()) as file:
        other.replace(file.with_name("library1.parquet"))
        named = file.rename(file.with_name(name))
        assert load(named, [REKOGNITION]).names == ("Guitar",)
        (asset,) = (each for _, each in assets_of(named))
        assert asset.complete_labels() == {REKOGNITION: (Label("Guitar", 0.9),)}


def test_names_of_folders_are_no_columns() -> None:
    with columns_of(some()) as file:
        folder = file.parent / "n=7" / "labels=3" / "folder=x"
        folder.mkdir(parents=True)
        library = load(file.rename(folder / "library.parquet"), [REKOGNITION])
        assert (library.names, library.place_of[0].folder) == (("Guitar",), "")


def test_kept_arrays_are_hidden_so_that_no_folder_of_inputs_has_them() -> None:
    with columns_of(some()) as file:
        load(file, [REKOGNITION])
        assert kept_beside(file).name == f".{file.name}{SUFFIX}"


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
