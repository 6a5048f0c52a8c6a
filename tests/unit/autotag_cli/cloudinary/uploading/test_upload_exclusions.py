"""Which files of a folder are left out, and how pairs of a camera's raw file and a JPEG are told apart."""

from itertools import permutations
from pathlib import Path

import pytest

from autotag_cli.cloudinary.uploading.naming import name_all
from autotag_cli.cloudinary.uploading.sources import Source
from tests.unit.autotag_cli.cloudinary.uploading.test_upload_names import library, names_sent
from tests.unit.autotag_cli.fake_account import FakeAccount
from tests.unit.autotag_cli.run_command import autotag


def sent(account: FakeAccount) -> list[str]:
    return [public_id for public_id, _ in names_sent(account)]


@pytest.mark.parametrize(
    "file",
    [
        "@eaDir/a.jpg/SYNOPHOTO_THUMB_XL.jpg",
        "trip/@eaDir/a.jpg/SYNOPHOTO_THUMB_M.jpg",
        "__MACOSX/trip/a.jpg",
        "#recycle/a.jpg",
        "@Recycle/a.jpg",
        "$RECYCLE.BIN/a.jpg",
        "Catalog Previews.lrdata/0/a.jpg",
        "Catalog.lrcat-data/a.jpg",
        "CaptureOne/Cache/a.jpg",
        "trip/.DS_Store",
        "trip/._one.jpg",
        "trip/Thumbs.db",
        "trip/desktop.ini",
        ".Trash/a.jpg",
        ".picasaoriginals/a.jpg",
        ".@__thumb/a.jpg",
        "$Recycle.Bin/a.jpg",
        "#RECYCLE/a.jpg",
        "@eadir/a.jpg",
        "Catalog Smart Previews.LRDATA/0/a.jpg",
        "Photos Library.photoslibrary/resources/derivatives/a.jpeg",
    ],
)
def test_what_programs_make_is_left_out(tmp_path: Path, file: str) -> None:
    account = FakeAccount()
    folder = library(tmp_path, "one.jpg", file)

    result = autotag("upload", folder, obj=account.environment_in(tmp_path))

    assert (result.exit_code, sent(account)) == (0, ["one"])
    assert "1 file in " in result.stderr or "1, hidden or no media" in result.stdout


def test_one_line_says_what_was_left_out(tmp_path: Path) -> None:
    account = FakeAccount()
    folder = library(tmp_path, "one.jpg", "@eaDir/a.jpg", "x/@eaDir/b.jpg", "__MACOSX/c.jpg")

    result = autotag("upload", folder, obj=account.environment_in(tmp_path))

    lines = [line for line in result.stderr.splitlines() if "@eaDir" in line]
    assert lines == ["3 files in @eaDir, __MACOSX left out: programs make these; name one alone to upload it."]


def test_what_a_shells_asterisk_names_is_left_out_too(tmp_path: Path) -> None:
    account = FakeAccount()
    folder = library(tmp_path, "one.jpg", "@eaDir/a.jpg", "Thumbs.db", "trip/b.jpg")

    result = autotag("upload", *sorted(folder.iterdir()), obj=account.environment_in(tmp_path))

    assert (result.exit_code, sent(account)) == (0, ["b", "one"])
    assert "2 files in @eaDir, Thumbs.db left out: programs make these" in result.stderr


def test_such_a_folder_that_is_named_is_uploaded(tmp_path: Path) -> None:
    account = FakeAccount()
    folder = library(tmp_path, "@eaDir/a.jpg")

    assert autotag("upload", folder / "@eaDir", obj=account.environment_in(tmp_path)).exit_code == 0
    assert sent(account) == ["a"]


@pytest.mark.parametrize(
    ("patterns", "left"),
    [
        (("drafts",), ["one", "trip/two"]),
        (("drafts/",), ["one", "trip/two"]),
        (("*.png",), ["drafts/three", "one"]),
        (("trip/*",), ["drafts/three", "drafts/trip/four", "one"]),
        (("trip", "one.jpg"), ["drafts/three"]),
    ],
)
def test_excluded_files_and_folders_are_not_sent(tmp_path: Path, patterns: tuple[str, ...], left: list[str]) -> None:
    account = FakeAccount()
    folder = library(tmp_path, "one.jpg", "trip/two.png", "drafts/three.jpg", "drafts/trip/four.png")
    options = [word for pattern in patterns for word in ("--exclude", pattern)]

    result = autotag("upload", folder, *options, obj=account.environment_in(tmp_path))

    assert (result.exit_code, sent(account)) == (0, left)
    assert f"{4 - len(left)} file{'s' if len(left) < 3 else ''} left out by --exclude." in result.stderr


def test_exclude_with_a_single_file_is_wrong_usage(tmp_path: Path) -> None:
    account = FakeAccount()
    file = library(tmp_path, "one.jpg") / "one.jpg"

    result = autotag("upload", file, "--exclude", "*.png", obj=account.environment_in(tmp_path))

    assert (result.exit_code, account.uploads) == (2, [])
    assert result.stderr == "autotag: --exclude: expected with a folder, a pattern or many files\n"


def test_a_raw_file_and_a_jpeg_of_one_name_become_two_assets(tmp_path: Path) -> None:
    account = FakeAccount()
    folder = library(tmp_path, "IMG_1.CR2", "IMG_1.JPG")

    assert autotag("upload", folder, obj=account.environment_in(tmp_path)).exit_code == 0
    assert sent(account) == ["IMG_1", "IMG_1_cr2"]


@pytest.mark.parametrize("names", [("IMG_1.CR2",), ("IMG_1.JPG",), *permutations(("IMG_1.CR2", "IMG_1.JPG"))])
def test_each_of_a_pair_has_its_name_whichever_is_there(names: tuple[str, ...]) -> None:
    named = name_all([Source(name, name) for name in names], "", "auto")

    assert {item.path: item.public_id for item in named.items}.items() <= {
        "IMG_1.CR2": "IMG_1_cr2",
        "IMG_1.JPG": "IMG_1",
    }.items()
    assert (len(named.items), named.errors) == (len(names), ())


@pytest.mark.parametrize("raw", ["CR2", "cr2", "NEF", "arw", "DNG", "cr3"])
@pytest.mark.parametrize("jpeg", ["JPG", "jpg", "jpeg"])
def test_a_pair_in_any_case_of_its_extensions_is_two_assets(raw: str, jpeg: str) -> None:
    named = name_all([Source(name, name) for name in (f"IMG_1.{jpeg}", f"IMG_1.{raw}")], "", "auto")

    assert [item.public_id for item in named.items] == ["IMG_1", f"IMG_1_{raw.lower()}"]
    assert named.errors == ()


def test_names_that_differ_only_in_case_are_two_assets() -> None:
    named = name_all([Source(name, name) for name in ("a.jpg", "A.JPG")], "", "auto")

    assert ([item.public_id for item in named.items], named.errors) == (["a", "A"], ())


@pytest.mark.parametrize("other", ["a.JPG", "a.jpeg", "a.png", "a.heic"])
def test_two_files_of_one_name_are_not_sent_over_each_other(other: str) -> None:
    named = name_all([Source(name, name) for name in ("a.jpg", other)], "", "auto")

    assert [item.path for item in named.items] == ["a.jpg"]
    assert named.errors == (f"{other}: its public_id a is already that of a.jpg, rename one",)
