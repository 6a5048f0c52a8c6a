"""``autotag labels search``: over what was seen and what was imported, without a stack."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.autotag_cli.labels.published_files import published, zipped
from tests.unit.autotag_cli.run_command import autotag, objects


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write_seen(labels: dict[str, int], path: str = ".autotag/seen.json", **more: Any) -> None:
    """Write what ``autotag labels --out`` writes, of labels and the numbers of their assets."""
    entries = [
        {"label": name, "assets": n, "p10": 0.5, "p50": 0.75, "p90": 1, "tagged": 1, "in_review": 0, "removed": 0}
        for name, n in labels.items()
    ]
    rules = {"name": "acme", "version": "0"}
    seen = {"autotag_labels": 1, "source": "prod", "provider": "", "assets": 9, "rules": rules, "labels": entries}
    Path(path).parent.mkdir(exist_ok=True)
    Path(path).write_text(json.dumps(seen | more))


def imported() -> None:
    assert autotag("labels", "import", zipped(Path("list.zip"), published())).exit_code == 0


def test_names_aliases_and_categories_are_searched_regardless_of_case_the_most_frequent_first() -> None:
    imported()
    write_seen({"electric guitar": 3, "Guitar": 8, "Axe": 2})

    found = objects(autotag("labels", "search", "GUITAR", "--json"))
    assert [(each["label"], (each["seen"] or {}).get("assets")) for each in found] == [
        ("Guitar", 8), ("Electric Guitar", 3), ("Bass Guitar", None),
    ]  # fmt: skip
    assert found[1]["listed"] == {"aliases": [], "categories": ["Music"]}
    assert [each["label"] for each in objects(autotag("labels", "search", "motorcar", "--json"))] == ["Car"]
    assert [each["label"] for each in objects(autotag("labels", "search", "animals", "--json"))] == ["Dog", "Koala"]
    assert objects(autotag("labels", "search", "axe", "--json"))[0]["listed"] is None


def test_the_table_says_what_was_seen_and_what_the_list_has() -> None:
    imported()
    write_seen({"Person": 8, "Personnel": 1})
    lines = [" ".join(line.split()) for line in autotag("labels", "search", "person").stdout.splitlines()]
    assert lines == [
        "Label Assets p50 Categories Aliases Rule",
        "Person 8 0.75 People Human",
        "Personnel 1 0.75 not in the list",
    ]
    Path(".autotag/seen.json").unlink()
    assert "Person never seen People Human" in " ".join(autotag("labels", "search", "person").stdout.split())


def test_one_of_the_two_files_is_enough_and_seen_names_another() -> None:
    write_seen({"Oboe": 1}, "other.json")
    assert [each["label"] for each in objects(autotag("labels", "search", "o", "--seen", "other.json", "--json"))] == [
        "Oboe"
    ]


def test_a_word_that_no_label_holds_is_answered_with_the_nearest() -> None:
    imported()
    result = autotag("labels", "search", "Guitarr")
    assert (result.exit_code, result.stdout, result.stderr) == (
        1, "", "autotag: no label holds 'Guitarr', did you mean Guitar?\n",
    )  # fmt: skip
    assert autotag("labels", "search", "zzz").stderr == "autotag: no label holds 'zzz'\n"


def test_without_either_file_it_says_how_to_get_one() -> None:
    result = autotag("labels", "search", "guitar")
    assert result.exit_code == 2
    assert "autotag labels --stored --out .autotag/seen.json" in result.stderr
    assert "autotag labels import FILE" in result.stderr


@pytest.mark.parametrize(
    ("path", "text", "sentence"),
    [
        (".autotag/seen.json", "{", ".autotag/seen.json: expected a file written by autotag labels --out ("),
        (
            ".autotag/seen.json",
            '{"autotag_labels": 2}',
            ".autotag/seen.json: expected a file written by autotag labels",
        ),
        (".autotag/labels.json", "[]", ".autotag/labels.json: expected what autotag labels import writes: import"),
    ],
)
def test_a_damaged_file_is_one_sentence(path: str, text: str, sentence: str) -> None:
    Path(".autotag").mkdir()
    Path(path).write_text(text)
    for command in (("labels", "search", "x"), ("rules", "check", "rules.toml")):
        result = autotag(*command)
        assert result.exit_code == 2 and result.stderr.startswith(f"autotag: {sentence}")


def test_a_named_file_that_is_not_there_is_one_sentence() -> None:
    result = autotag("labels", "search", "x", "--seen", "nowhere.json")
    assert (result.exit_code, result.stderr) == (
        2, "autotag: nowhere.json: cannot be read (No such file or directory)\n",
    )  # fmt: skip
