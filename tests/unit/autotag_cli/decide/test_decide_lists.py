"""``autotag decide`` on what people have: lists, folders with links in them, and what is no asset at all."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from autotag_cli.input.files import MAX_SIZE
from tests.unit.autotag_cli.run_command import autotag, objects
from tests.unit.autotag_cli.terminal.closed_streams import shut_folder

RULES = "[defaults]\nthreshold = 0.5\n"


def answer(n: int, **fields: Any) -> dict[str, Any]:
    found = {"aws_rek_tagging": {"status": "complete", "data": [{"tag": "Guitar", "confidence": 0.9}]}}
    return {"asset_id": f"a{n}", "public_id": f"stage/{n}", "version": 1, "info": {"categorization": found}, **fields}


def page(*entries: object, **fields: Any) -> dict[str, Any]:
    return {"resources": list(entries), "next_cursor": None, **fields}


ONE, TWO, THREE = (json.dumps(answer(n)) for n in (1, 2, 3))


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(page(answer(1), answer(2), answer(3))),
        json.dumps(page(answer(1), answer(2), answer(3), total_count=3, time=7), indent=2),
        json.dumps([answer(1), answer(2), answer(3)]),
        json.dumps([answer(1), answer(2), answer(3)], indent=2),
        f"[{ONE},\n{TWO},\n{THREE}]\n",
        f"\ufeff[{ONE},{TWO},{THREE}]",
        f"{json.dumps(page(answer(1), answer(2)))}\n{json.dumps(page(answer(3)))}\n",
        f"[{ONE},{TWO}]\n[{THREE}]\n",
        f"{ONE}\n{json.dumps(page(answer(2), answer(3)))}\n",
    ],
)
@pytest.mark.parametrize("name", ["list.json", "-"])
def test_each_asset_of_a_list_is_decided_on(text: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(text)

    result = autotag("decide", "--json", path if name != "-" else "-", stdin=text)

    assert (result.exit_code, result.stderr) == (0, "3 inputs: 3 tagged.\n")
    assert [record["asset"]["asset_id"] for record in objects(result)] == ["a1", "a2", "a3"]


def test_one_odd_entry_of_a_list_is_named_and_the_others_are_decided_on() -> None:
    text = json.dumps(page(answer(1), 7, answer(2, info=[]), [answer(3)], answer(4)))

    result = autotag("decide", "--json", "-", stdin=text)

    assert result.exit_code == 2
    assert [record["asset"]["asset_id"] for record in objects(result)] == ["a1", "a4"]
    assert result.stderr.splitlines() == [
        "autotag: stdin:resources[1]: expected a JSON object",
        "autotag: stdin:resources[2]: info: expected an object",
        "autotag: stdin:resources[3]: expected a JSON object",
        "5 inputs: 2 tagged, 3 with a fault.",
    ]


def test_a_list_shows_each_asset_and_counts_them() -> None:
    result = autotag("decide", "-", stdin=json.dumps([answer(1), answer(2)]))

    assert result.exit_code == 0
    assert "stage/1" in result.stdout and "stage/2  stdin:[1]" in result.stdout
    assert result.stdout.endswith("2 inputs: 2 tagged.\n")


def test_rules_diff_compares_on_each_asset_of_a_list(tmp_path: Path) -> None:
    old, new = tmp_path / "old.toml", tmp_path / "new.toml"
    old.write_text("[defaults]\nthreshold = 0.5\n")
    new.write_text("[defaults]\nthreshold = 0.95\n")

    result = autotag("rules", "diff", old, new, "-", "--json", stdin=json.dumps(page(answer(1), answer(2))))

    shown = json.loads(result.stdout)
    assert (result.exit_code, shown["assets"], shown["changed"]) == (0, 2, 2)


def test_an_asset_that_has_resources_of_its_own_is_one_asset() -> None:
    result = autotag("decide", "--json", "-", stdin=json.dumps(answer(1, resources=[answer(2)])))

    assert [record["asset"]["asset_id"] for record in objects(result)] == ["a1"]


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ([], "stdin: the list holds no asset"),
        (page(), "stdin: resources: the list holds no asset"),
        ({"error": {"message": "Rate Limit"}}, "stdin: error: this is an error of Cloudinary's (Rate Limit)"),
        ({"error": {}}, "stdin: error: this is an error of Cloudinary's, expected an asset"),
        ({"requestContext": {}, "body": "x"}, "stdin: body: this is a Lambda event, take the notification"),
        (
            {"requestContext": {}, "body": "x", "isBase64Encoded": True},
            "stdin: body: this is a Lambda event, take the notification out of it: jq -r '.body | @base64d'",
        ),
        ({"Records": [{"body": "{}"}]}, "stdin: Records: this is a batch of an SQS queue, take each body out of it"),
        ({"messages": [{"payload": {}}]}, "stdin: messages: these are messages of a poll channel, take each out"),
        ({"ModerationLabels": []}, "stdin: ModerationLabels: this is another response of Rekognition's, expected lab"),
        ({"notification_type": "delete", "resources": [answer(1)]}, "stdin: notification_type: 'delete' carries no"),
    ],
)
def test_what_is_no_answer_is_called_what_it_is(document: object, sentence: str) -> None:
    result = autotag("decide", "-", stdin=json.dumps(document))

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"autotag: {sentence}") and result.stderr.count("\n") == 1


def test_links_and_pipes_in_a_folder_are_told_and_no_fault(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(ONE)
    (tmp_path / "self").symlink_to(".")
    (tmp_path / "b.json").symlink_to("a.json")
    os.mkfifo(tmp_path / "c.json")

    result = autotag("decide", "--json", tmp_path, tmp_path / "*.json")

    assert (result.exit_code, len(objects(result))) == (0, 1)
    shown = [line.removeprefix(f"{tmp_path}/") for line in result.stderr.splitlines()]
    assert shown[:3] == [
        "b.json is a link and was left out; name it to include it.",
        "c.json is not a regular file and was left out.",
        "self is a link to a folder and was left out; name it to include it.",
    ]


def test_many_links_are_a_few_lines(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(ONE)
    for n in range(100):
        (tmp_path / f"l{n:02}.json").symlink_to("a.json")

    result = autotag("decide", "--json", tmp_path)

    assert result.stderr.splitlines()[-1] == "… and 95 more links and special files."
    assert len(result.stderr.splitlines()) == 6


@pytest.mark.parametrize("command", [("decide", "--json"), ("rules", "diff", "--json")])
def test_a_folder_that_cannot_be_read_is_a_fault_and_the_rest_is_decided_on(command: tuple[str, ...]) -> None:
    with shut_folder({"open/a.json": ONE, "shut/a.json": TWO, "old.toml": RULES}) as top:
        sides = [f"{top}/old.toml"] * 2 if "diff" in command else []
        result = autotag(*command, *sides, f"{top}")

    assert result.exit_code == 1
    assert f"autotag: {top}/shut: cannot be read (Permission denied)" in result.stderr.splitlines()
    assert '"a1"' in result.stdout or json.loads(result.stdout)["assets"] == 1


def test_a_file_that_cannot_be_read_is_a_fault_of_its_own_kind() -> None:
    with shut_folder({"a.json": ONE, "shut/b.json": TWO}) as top:
        assert autotag("decide", f"{top}/a.json", f"{top}/shut/b.json").exit_code == 1
        assert autotag("decide", f"{top}/a.json", f"{top}/none.json").exit_code == 2


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "all.json"
    with path.open("wb") as stream:
        stream.write(b"[\n\n\n")
        stream.truncate(50 * 2**30)  # as large as a disk: reading it would take for ever

    result = autotag("decide", path)

    assert result.exit_code == 2
    assert "is larger than 16 MiB, expected the response about one asset" in result.stderr
    assert "jq -c '.resources[]'" in result.stderr


@pytest.mark.parametrize(
    "command", [("rules", "check"), ("rules", "push", "--stack", "prod"), ("decide", "--label", "a=1", "--rules")]
)
def test_rules_that_are_too_large_are_refused_before_they_are_read(command: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    with path.open("wb") as stream:
        stream.truncate(50 * 2**30)

    result = autotag(*command, path)

    assert (result.exit_code, result.stderr) == (2, f"autotag: {path}: is larger than 16 MiB\n")


def test_a_file_of_blank_lines_takes_no_time(tmp_path: Path) -> None:
    path = tmp_path / "blank.json"
    path.write_bytes(b"\n" * (MAX_SIZE // 4))

    assert autotag("decide", path).exit_code == 2
