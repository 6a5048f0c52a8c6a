"""Which files ``autotag upload`` takes, and the public_id of each."""

import os
import unicodedata
from pathlib import Path

import pytest

from autotag_cli.cloudinary.uploading.naming import name_all, name_one, public_id_of
from autotag_cli.cloudinary.uploading.sources import Source, find_sources, kind_of


@pytest.fixture
def library(tmp_path: Path) -> Path:
    for name in (
        "b.JPG", "a/one.jpg", "a/deep/two.png", "a/clip.mp4", "a/notes.txt", "a/.hidden.jpg", ".git/x.jpg", ".DS_Store",
    ):  # fmt: skip
        path = tmp_path / "library" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return tmp_path / "library"


def test_a_folder_gives_its_media_by_relative_path_and_counts_what_it_skips(library: Path) -> None:
    found = find_sources([str(library)])
    assert [source.name for source in found.sources] == ["a/clip.mp4", "a/deep/two.png", "a/one.jpg", "b.JPG"]
    assert (found.skipped, found.errors) == (4, ())


def test_a_pattern_counts_from_its_first_wildcard_and_each_file_comes_once(library: Path) -> None:
    found = find_sources([f"{library}/a/**/*", str(library / "a" / "one.jpg"), f"{library}/*"])
    assert [source.name for source in found.sources] == ["clip.mp4", "deep/two.png", "one.jpg", "b.JPG"]
    assert found.skipped == 1


def test_a_pattern_relative_to_here(library: Path) -> None:
    here = os.path.relpath(library)
    assert [source.name for source in find_sources([f"{here}/a/*.jpg"]).sources] == ["one.jpg"]


def test_a_named_file_is_taken_whatever_it_is(library: Path) -> None:
    found = find_sources([str(library / "a" / "notes.txt"), str(library / "a" / ".hidden.jpg")])
    assert [source.name for source in found.sources] == ["notes.txt", ".hidden.jpg"]


def test_what_names_nothing_is_told(library: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    found = find_sources([str(library / "none.jpg"), str(tmp_path / "empty"), f"{library}/*.gif"])
    assert [fault.rpartition(": ")[2] for fault in found.errors] == [
        "there is no such file", "holds no image or video", "holds no image or video",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.JPEG", "image"), ("a.b/c.webp", "image"), ("a.mov", "video"), ("a.mp3", "video"), ("a", "raw")],
)
def test_the_kind_of_a_file_is_that_of_its_extension(name: str, kind: str) -> None:
    assert kind_of(name) == kind


@pytest.mark.parametrize(
    ("name", "folder", "public_id"),
    [
        ("a/one.jpg", "", "a/one"),
        ("one.two.jpg", "summer/24", "summer/24/one.two"),
        ("a / what?#&%<>\\.jpg", "", "a/what_"),
        (unicodedata.normalize("NFD", "Käfer.jpg"), "", unicodedata.normalize("NFC", "Käfer")),
        ("my photo é.jpg", "", "my photo é"),
    ],
)
def test_a_public_id_is_the_relative_path_without_extension(name: str, folder: str, public_id: str) -> None:
    assert public_id_of(name, folder, keep_extension=False) == public_id


def test_names_that_make_no_public_id_of_their_own_are_told_and_the_rest_goes_on() -> None:
    names = ["a.jpg", "a.png", "A.jpg", "a.mp4", "bad\udcff.jpg", f"{'x' * 256}.jpg", " .jpg", "b/c.jpg"]
    named = name_all([Source(f"in/{name}", name) for name in names], "f", "auto")
    assert [(item.public_id, item.fields["asset_folder"]) for item in named.items] == [
        ("f/a", "f"), ("f/A", "f"), ("f/a", "f"), ("f/b/c", "f/b"),
    ]  # fmt: skip
    assert [fault.rpartition(": ")[2] for fault in named.errors] == [
        "its public_id f/a is already that of in/a.jpg, rename one",
        "its name is not UTF-8, rename it",
        "its name does not yield a public_id of 1 to 255 characters, rename it",
        "its name does not yield a public_id of 1 to 255 characters, rename it",
    ]


def test_a_raw_file_keeps_its_extension() -> None:
    assert name_all([Source("x/data.csv", "data.csv")], "", "auto").items[0].public_id == "data.csv"
    assert name_all([Source("x/a.jpg", "a.jpg")], "", "raw").items[0].public_id == "a.jpg"
    assert name_one(Source("x/data.csv", "data.csv"), None, "", "auto").public_id.endswith(".csv")


def test_a_single_file_has_the_name_that_it_is_given_or_one_of_its_own() -> None:
    source = Source("x/a.jpg", "a.jpg")
    assert name_one(source, "zoo/koala5", "animals", "auto").fields == {
        "public_id": "zoo/koala5", "asset_folder": "animals",
    }  # fmt: skip
    ids = {name_one(source, None, "animals", "auto").public_id for _ in range(50)}
    assert len(ids) == 50 and all(public_id.startswith("animals/") for public_id in ids)
