"""``autotag console --library``: which export the console asks about all assets."""

from pathlib import Path

import pytest

from autotag.domain.errors import Invalid
from autotag_cli.console.library_file import DEFAULT_LIBRARY, library_file
from autotag_library.columns.write import write_columns


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def exported(path: Path) -> None:
    lines = path.with_suffix(".jsonl")
    lines.touch()
    write_columns(lines, path, "autotag", "2026-11-29T09:14:00Z")


def test_an_export_of_the_usual_name_is_used_without_being_named(here: Path) -> None:
    exported(here / DEFAULT_LIBRARY)

    found = library_file(None, "autotag")

    assert found is not None and (found.path, found.at) == (here / DEFAULT_LIBRARY, "2026-11-29T09:14:00Z")


def test_without_an_export_the_console_has_none() -> None:
    assert library_file(None, "autotag") is None


def test_an_export_of_another_stack_is_refused(here: Path) -> None:
    exported(here / "other.parquet")

    with pytest.raises(Invalid, match=r"other\.parquet: is an export of the stack autotag, expected one of prod"):
        library_file("other.parquet", "prod")


def test_what_is_no_export_in_columns_is_refused(here: Path) -> None:
    (here / "lines.jsonl").write_text("{}\n")
    (here / "fetched").mkdir()

    for name, why in (
        ("lines.jsonl", "is not an export in columns"),
        ("missing.parquet", "is not there"),
        ("fetched", "is a folder, which autotag rules diff reads and the console does not"),
    ):
        with pytest.raises(Invalid, match=f"{name}: {why}, expected a file that autotag export library.parquet has"):
            library_file(name, "autotag")
