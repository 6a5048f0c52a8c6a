"""``autotag decide`` on many inputs: a sentence for each that is none, the rest decided, and everything summed up."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.unit.autotag_cli.run_command import EVENTS, PROJECT, autotag, objects, rest_of

PENDING = {"info": {"categorization": {"aws_rek_tagging": {"status": "pending"}}}}


def answer(i: int, **confidence: float) -> dict[str, Any]:
    data = [{"tag": name, "confidence": value} for name, value in confidence.items()]
    found = {"aws_rek_tagging": {"status": "complete", "data": data}}
    return {"asset_id": f"a{i}", "public_id": f"stage/{i}", "version": 1, "info": {"categorization": found}}


def lines(*entries: dict[str, Any] | str) -> str:
    return "".join((entry if isinstance(entry, str) else json.dumps(entry)) + "\n" for entry in entries)


MANY = [answer(i, Guitar=0.9, Drum=0.9 if i % 2 else 0.1) for i in range(10)]


def words(text: str) -> str:
    return " ".join(text.split())


def test_json_lines_give_an_object_each(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text(lines(*MANY))

    result = autotag("decide", "--json", path)

    assert result.exit_code == 0
    assert [record["asset"]["public_id"] for record in objects(result)] == [f"stage/{i}" for i in range(10)]
    assert result.stderr == "10 inputs: 10 tagged.\n"


def test_bad_lines_are_a_sentence_each_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text(
        lines(MANY[0], '{"info": ', MANY[1], '{"info": []}', "", '"x"', MANY[2], '{"public_id": "a", "version": "1"}')
    )

    result = autotag("decide", "--json", path)

    assert result.exit_code == 2
    assert [record["asset"]["asset_id"] for record in objects(result)] == ["a0", "a1", "a2"]
    assert result.stderr.splitlines() == [
        f"autotag: {path}:2: column 10: expected JSON (Expecting value)",
        f"autotag: {path}:4: info: expected an object",
        f"autotag: {path}:6: expected a JSON object",
        f"autotag: {path}:8: version: expected the unix seconds of the upload",
        "7 inputs: 3 tagged, 4 with a fault.",
    ]


def test_many_are_summed_up(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    failed = {"info": {"categorization": {"aws_rek_tagging": {"status": "failed", "data": "no"}}}}
    path.write_text(lines(*MANY, answer(11, Guitar=0.2), '{"public_id": "x"}', PENDING, failed, "{", "[]"))

    result = autotag("decide", path)

    assert result.exit_code == 2
    shown = words(result.stdout)
    assert shown.startswith("Decided by rules default ")
    assert "inputs 16 tagged 10 unchanged 1 skipped 1 failed 1 pending 1 faults 2" in shown
    assert f"{path}:15, {path}:16" in shown
    assert "Tag Assets Guitar 10 ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ Drum 5 ━━━━━━━━━━━━━━━" in shown
    assert "Confidence" not in shown


def test_what_is_to_be_reviewed_is_summed_up_too(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text("[defaults]\nreview = 0.1\n")

    result = autotag("decide", "--rules", rules, "-", stdin=lines(*MANY))

    assert "Tag to review Assets Drum 5" in words(result.stdout)


def test_only_the_most_frequent_tags_are_shown() -> None:
    result = autotag("decide", "-", stdin=lines(*(answer(i, **{f"T{i:02}": 0.9, "All": 0.9}) for i in range(40))))

    shown = words(result.stdout)
    assert "All 40" in shown and "T18 1" in shown and "T19" not in shown
    assert "… 21 more" in shown


def test_a_few_have_a_table_each_and_are_counted() -> None:
    result = autotag("decide", "-", stdin=lines(*MANY[:5]))

    assert result.stdout.count("Confidence, threshold") == 5
    assert result.stdout.endswith("\n5 inputs: 5 tagged.\n")


def test_a_person_may_ask_for_every_table() -> None:
    result = autotag("decide", "--tables", "-", stdin=lines(*MANY))

    assert result.stdout.count("Confidence, threshold") == 10
    assert "inputs 10" in words(result.stdout)


def test_the_exit_code_tells_of_assets_without_labels() -> None:
    assert autotag("decide", "-", stdin=lines(*MANY)).exit_code == 0
    assert autotag("decide", "-", stdin=lines(*MANY, PENDING)).exit_code == 1


def test_folders_and_patterns_are_read_whole() -> None:
    by_folder = autotag("decide", "--json", EVENTS / "responses")
    by_pattern = autotag("decide", "--json", EVENTS / "res*" / "*.json")

    assert len(objects(by_folder)) == 5
    assert objects(by_folder) == objects(by_pattern)


def test_that_info_notifications_tell_labels_only_is_noted_once() -> None:
    info = json.loads((EVENTS / "bodies" / "info-complete.json").read_bytes())

    result = autotag("decide", "-", stdin=lines(info, info, info))

    assert result.stderr.count("An info notification has no folder") == 1


def test_labels_may_be_told_instead_of_an_input() -> None:
    result = autotag(
        "decide",
        "--json",
        "--label",
        "Electric Guitar=0.7046",
        "--label",
        "A=B=1",
        "--label",
        "x:y=0.5",
        "--folder",
        "a",
    )

    (record,) = objects(result)
    assert {printed["label"]: printed["confidence"] for printed in record["labels"]} == {
        "A=B": 1.0,
        "Electric Guitar": 0.7046,
        "x:y": 0.5,
    }


def test_told_labels_are_of_the_first_provider_or_of_the_one_that_is_named(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text('[defaults]\nproviders = ["google_tagging", "aws_rek_tagging"]\n')

    result = autotag("decide", "--json", "--rules", rules, "--label", "Cat=0.9", "--label", "aws_rek_tagging:Dog=0.8")

    (record,) = objects(result)
    assert {printed["label"]: printed["provider"] for printed in record["labels"]} == {
        "Cat": "google_tagging",
        "Dog": "aws_rek_tagging",
    }


@pytest.mark.parametrize(
    "text", ["Guitar", "Guitar=", "=0.5", "=70", "Guitar=7", "Guitar=nan", "aws_rek_tagging:=0.5", "Guitar=-1"]
)
def test_a_label_is_a_name_and_a_confidence(text: str) -> None:
    result = autotag("decide", "--label", text)

    assert result.exit_code == 2
    assert result.stderr == (
        f"autotag: {text!r}: expected NAME=CONFIDENCE with a confidence from 0 to 1, such as Guitar=0.7046\n"
    )


@pytest.mark.parametrize(("number", "meant"), [("70", "0.70"), ("70%", "0.70"), ("0,7", "0.7"), ("99.5", "0.995")])
def test_a_percentage_of_a_label_is_suggested_as_a_confidence(number: str, meant: str) -> None:
    result = autotag("decide", "--label", f"Guitar={number}")

    assert result.exit_code == 2
    assert result.stderr.endswith(f"such as Guitar=0.7046; did you mean Guitar={meant}?\n")


def test_there_must_be_either_inputs_or_labels() -> None:
    for arguments in ((), ("--label", "Cat=1", "-")):
        result = autotag("decide", *arguments)

        assert (result.exit_code, result.stdout) == (2, "")
        assert "either inputs or --label" in words(result.stderr)


def on_a_terminal(*arguments: str | Path) -> tuple[str, str]:
    """Run the command with a terminal for stderr and a pipe for stdout; return stdout and what the terminal got."""
    managed_tags, user_tags = pty.openpty()
    script = "from autotag_cli.main import app; app()"
    with subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=PROJECT,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100", "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=user_tags,
        stdin=subprocess.DEVNULL,
        text=True,
    ) as process:
        os.close(user_tags)
        seen = rest_of(managed_tags)
        assert process.stdout is not None
        return process.stdout.read(), seen.decode()


def test_a_terminal_sees_how_far_it_is(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text(lines(*MANY, "{", *MANY))

    printed, seen = on_a_terminal("decide", path)

    assert "inputs 21" in words(printed)
    assert "Deciding" in seen and "inputs" in seen and "100%" in seen
    assert f"autotag: {path}:11: column 2: expected JSON" in seen
    assert "Deciding" not in autotag("decide", path).stderr


def test_where_tables_scroll_by_there_is_no_bar() -> None:
    printed, seen = on_a_terminal("decide", EVENTS / "responses" / "upload-guitarist.json")

    assert "Confidence, threshold" in printed
    assert seen == ""
