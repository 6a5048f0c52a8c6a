"""``autotag rules diff`` over inputs: which tags come and go, on how many assets, and nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest

from autotag.domain.decisions.tag_changes import TagChangeCounts
from tests.unit.autotag_cli.run_command import EVENTS, autotag

OLD = 'name = "old"\n[defaults]\nthreshold = 0.7\n'
NEW = 'name = "new"\n[defaults]\nthreshold = 0.5\ndeny = ["Person"]\n'


@pytest.fixture
def rules(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "old.toml").write_text(OLD)
    (tmp_path / "new.toml").write_text(NEW)
    return tmp_path / "old.toml", tmp_path / "new.toml"


def answer(name: str, **confidence: float) -> str:
    data = [{"tag": label, "confidence": value} for label, value in confidence.items()]
    found = {"aws_rek_tagging": {"status": "complete", "data": data}}
    return json.dumps({"public_id": name, "asset_id": name, "info": {"categorization": found}}) + "\n"


MANY = "".join(answer(f"a{i}", Person=0.9 if i % 2 else 0.6, Guitar=0.6, Stage=0.9) for i in range(8))
WITHOUT = '{"public_id": "p", "info": {"categorization": {"aws_rek_tagging": {"status": "pending"}}}}\n'


def differences(*arguments: str | Path, stdin: str = MANY) -> dict[str, Any]:
    result = autotag("rules", "diff", *arguments, "-", "--json", stdin=stdin)
    assert (result.exit_code, result.stderr) == (0, "")
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_what_comes_and_goes_is_counted_with_examples(rules: tuple[Path, Path]) -> None:
    found = differences(*rules, stdin=MANY + WITHOUT)

    assert (found["old"]["name"], found["new"]["name"]) == ("old", "new")
    assert (found["assets"], found["changed"], found["undecided"]) == (9, 8, 1)
    assert found["tags"] == [
        {"tag": "Guitar", "gained": 8, "lost": 0, "examples": {"gained": ["a0", "a1", "a2"], "lost": []}},
        {"tag": "Person", "gained": 0, "lost": 4, "examples": {"gained": [], "lost": ["a1", "a3", "a5"]}},
    ]


def test_the_other_way_round_gains_are_losses(rules: tuple[Path, Path]) -> None:
    there, back = differences(*rules)["tags"], differences(*reversed(rules))["tags"]

    assert {tag["tag"]: (tag["gained"], tag["lost"]) for tag in there} == {
        tag["tag"]: (tag["lost"], tag["gained"]) for tag in back
    }


def test_the_same_rules_change_nothing(rules: tuple[Path, Path]) -> None:
    result = autotag("rules", "diff", rules[0], rules[0], "-", stdin=MANY)

    assert result.exit_code == 0
    assert "No tag changes on any of 8 assets." in result.stdout


def test_where_nothing_can_be_read_it_does_not_say_that_nothing_changes(rules: tuple[Path, Path]) -> None:
    result = autotag("rules", "diff", *rules, "missing.parquet")

    assert result.exit_code == 2 and "missing.parquet" in result.stderr
    assert "No asset was compared." in result.stdout and "No tag changes" not in result.stdout


def test_the_table_is_for_people(rules: tuple[Path, Path]) -> None:
    result = autotag("rules", "diff", *rules, "-", stdin=MANY)

    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert lines[0].startswith("old ") and " → new " in lines[0]
    assert lines[2:] == [
        "Tags change on 8 of 8 assets.",
        "",
        "Tag Gained by Lost by For example",
        "Guitar 8 + a0, a1, a2, … 5 more",
        "Person 4 - a1, a3, a5, … 1 more",
    ]


@pytest.mark.parametrize("examples", [0, 1, 5])
def test_a_person_says_how_many_examples(examples: int, rules: tuple[Path, Path]) -> None:
    found = differences(*rules, "--examples", str(examples))

    assert [len(tag["examples"]["gained"]) for tag in found["tags"]] == [examples, 0]


def test_the_table_without_examples_has_no_column_for_them(rules: tuple[Path, Path]) -> None:
    result = autotag("rules", "diff", *rules, "--examples", "0", "-", stdin=MANY)

    assert "For example" not in result.stdout and "Guitar" in result.stdout


def test_a_tag_that_is_on_the_asset_already_is_nobodys_gain(rules: tuple[Path, Path]) -> None:
    there = json.loads(answer("a", Guitar=0.6)) | {"tags": ["guitar"]}

    assert differences(*rules, stdin=json.dumps(there))["changed"] == 0


def test_folders_and_json_lines_are_taken_as_decide_takes_them(rules: tuple[Path, Path]) -> None:
    result = autotag("rules", "diff", *rules, EVENTS / "responses", "--json")

    assert json.loads(result.stdout)["assets"] == 5


def test_bad_lines_are_a_sentence_each_and_the_rest_is_compared(rules: tuple[Path, Path], tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text(f"{{\n{MANY}[]\n")

    result = autotag("rules", "diff", *rules, path, "--json")

    assert result.exit_code == 2
    assert json.loads(result.stdout)["assets"] == 8
    assert result.stderr.splitlines() == [
        f"autotag: {path}:1: column 2: expected JSON (Expecting property name enclosed in double quotes)",
        f"autotag: {path}:10: the list holds no asset",
    ]


def test_broken_rules_are_told_with_their_file(rules: tuple[Path, Path]) -> None:
    rules[1].write_text("thresold = 1\n")

    result = autotag("rules", "diff", *rules, "-", stdin=MANY)

    assert (result.exit_code, result.stdout) == (2, "")
    assert str(rules[1]) in result.stderr and "thresold" in result.stderr


def test_wrong_usage_is_told(rules: tuple[Path, Path]) -> None:
    for arguments, sentence in (
        ((), "expected either inputs or --stored"),
        (("--stored", "-"), "expected either inputs or --stored"),
        (("--resume", "x", "-"), "goes with --stored"),
        (("--stored", "--lines"), "--lines: has no meaning with --stored, which reads no file"),
    ):
        result = autotag("rules", "diff", *rules, *arguments)

        assert (result.exit_code, result.stdout) == (2, "")
        assert sentence in " ".join(result.stderr.split())


def test_the_order_of_assets_never_matters() -> None:
    assets = [(f"a{i}", {"x"} if i % 2 else {"x", "y"}, {"z"} if i % 3 else set()) for i in range(20)]
    forwards, backwards = TagChangeCounts(3), TagChangeCounts(3)

    for name, gained, lost in assets:
        forwards.count(name, gained, lost)
    for name, gained, lost in reversed(assets):
        backwards.count(name, gained, lost)

    assert forwards == backwards
    assert forwards.tags["y"].gained_by == ["a0", "a10", "a12"]
