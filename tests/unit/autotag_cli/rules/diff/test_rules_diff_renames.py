"""``autotag rules diff`` shows a rename of a tag as a rename."""

import json
from pathlib import Path

import pytest

from tests.unit.autotag_cli.run_command import EVENTS, autotag

UPLOAD = EVENTS / "responses" / "upload-guitarist.json"


@pytest.fixture
def rules(tmp_path: Path) -> tuple[Path, Path]:
    old, new = tmp_path / "old.toml", tmp_path / "new.toml"
    old.write_text("[defaults]\nthreshold = 0.70\n")
    new.write_text('[defaults]\nthreshold = 0.70\ndeny = ["Human"]\n[labels.Guitar]\ntag = "gitarre"\n')
    return old, new


def test_a_rename_has_a_line_of_its_own_and_is_neither_gained_nor_lost(rules: tuple[Path, Path]) -> None:
    lines = [" ".join(line.split()) for line in autotag("rules", "diff", *rules, UPLOAD).stdout.splitlines()]

    name = json.loads(UPLOAD.read_text())["public_id"]
    assert f"Guitar -> gitarre 1 {name}" in lines
    assert f"Human 1 - {name}" in lines
    assert not any(line.startswith(("Guitar 1", "gitarre 1")) for line in lines)


def test_renames_alone_need_no_table_of_gains_and_losses(tmp_path: Path) -> None:
    old, new = tmp_path / "old.toml", tmp_path / "new.toml"
    old.write_text("")
    new.write_text('[defaults]\ncase = "lower"\n')

    shown = autotag("rules", "diff", old, new, UPLOAD).stdout

    assert "Guitar -> guitar" in shown and "Gained by" not in shown


def test_in_json_renames_are_added_to_what_was_there(rules: tuple[Path, Path]) -> None:
    printed = json.loads(autotag("rules", "diff", *rules, UPLOAD, "--json").stdout)

    name = json.loads(UPLOAD.read_text())["public_id"]
    assert printed["renames"] == [{"from": "Guitar", "to": "gitarre", "assets": 1, "examples": [name]}]
    assert [(each["tag"], each["gained"], each["lost"]) for each in printed["tags"]] == [
        ("Guitar", 0, 1),
        ("Human", 0, 1),
        ("gitarre", 1, 0),
    ]
