"""``autotag explicit``, ``update``, ``resource`` and ``tags``: what is sent, and what is told of the answers."""

import json
from typing import Any

import pytest

from tests.unit.autotag_cli.fake_cloudinary import FakeCloudinary
from tests.unit.autotag_cli.run_command import EVENTS, autotag, objects

KOALA: dict[str, Any] = json.loads((EVENTS / "responses" / "update-koala5.json").read_bytes())
ASSET_ID = "9d2f7c1e4b6a48d0a3c5e8f71b2d6094"
MISSING = (404, {"error": {"message": "Resource not found - x"}})


def test_update_changes_an_asset_and_shows_which_labels_became_tags() -> None:
    cloud = FakeCloudinary(KOALA)
    result = autotag(
        "update", "koala5", "--categorization", "aws_rek_tagging", "--auto-tagging", "0.9", obj=cloud.environment
    )

    assert result.exit_code == 0
    (call,) = cloud.received
    assert (call.method, call.path) == ("POST", "resources/image/upload/koala5")
    assert call.fields == {"categorization": "aws_rek_tagging", "auto_tagging": "0.9"}
    rows = [line.split() for line in result.stdout.partition("Label ")[2].splitlines()[1:]]
    assert {row[0] for row in rows if row[-1] == row[0]} == {"Animal", "Koala", "Mammal"}


def test_explicit_goes_by_public_id_and_type() -> None:
    cloud = FakeCloudinary(KOALA)
    result = autotag("explicit", "zoo/koala5", "--type", "private", "--tags", "a,b", "--json", obj=cloud.environment)

    assert (result.exit_code, json.loads(result.stdout)) == (0, KOALA)
    (call,) = cloud.received
    assert (call.method, call.path) == ("POST", "image/explicit")
    assert call.fields == {"public_id": "zoo/koala5", "type": "private", "tags": "a,b"}


@pytest.mark.parametrize("command", ["explicit", "update"])
def test_a_list_option_that_is_repeated_keeps_all_of_its_values(command: str) -> None:
    cloud = FakeCloudinary(KOALA)
    providers = ("--categorization", "aws_rek_tagging", "--categorization", "google_tagging,aws_rek_tagging")
    result = autotag(
        command, "koala5", "--tags", "a, b", "--tags", "c", "--tags", "b", *providers, obj=cloud.environment
    )

    assert result.exit_code == 0
    assert cloud.received[0].fields["tags"] == "a,b,c"
    assert cloud.received[0].fields["categorization"] == "aws_rek_tagging,google_tagging"


def test_an_empty_list_of_tags_takes_all_tags_away() -> None:
    cloud = FakeCloudinary(KOALA)
    assert autotag("update", "koala5", "--tags", "", obj=cloud.environment).exit_code == 0
    assert cloud.received[0].fields == {"tags": ""}


def test_resource_reads_and_changes_nothing() -> None:
    cloud = FakeCloudinary(KOALA)
    result = autotag("resource", "zoo/my koala", "--resource-type", "video", "--json", obj=cloud.environment)
    assert (result.exit_code, json.loads(result.stdout)) == (0, KOALA)
    assert [(call.method, call.path) for call in cloud.received] == [("GET", "resources/video/upload/zoo/my%20koala")]


@pytest.mark.parametrize(
    ("arguments", "first", "second"),
    [
        (("resource",), ("GET", f"resources/{ASSET_ID}"), ("GET", f"resources/image/upload/{ASSET_ID}")),
        (("update", "--tags", "a"), ("PUT", f"resources/{ASSET_ID}"), ("POST", f"resources/image/upload/{ASSET_ID}")),
    ],
)
def test_an_asset_goes_by_its_asset_id_or_by_a_public_id_that_looks_like_one(
    arguments: tuple[str, ...], first: tuple[str, str], second: tuple[str, str]
) -> None:
    command, *options = arguments
    cloud = FakeCloudinary(KOALA)
    assert autotag(command, ASSET_ID, *options, obj=cloud.environment).exit_code == 0
    assert [(call.method, call.path) for call in cloud.received] == [first]

    cloud = FakeCloudinary(MISSING, KOALA)
    assert autotag(command, ASSET_ID, *options, obj=cloud.environment).exit_code == 0
    assert [(call.method, call.path) for call in cloud.received] == [first, second]


def test_what_is_shown_is_whatever_cloudinary_stored() -> None:
    labels = {"status": "complete", "data": [{"tag": f"L{n}\x1b[31m", "confidence": 0.5} for n in range(40)]}
    answer = {
        "public_id": "a\x1b[2J", "asset_id": ASSET_ID, "resource_type": "image", "type": "upload", "bytes": 5,
        "context": {"custom": {"k": "v"}}, "asset_folder": "zoo",
        "info": {"categorization": {
            "aws_rek_tagging": labels,
            "google_tagging": {"status": "failed", "data": "no units"},
            "imagga_tagging": {"status": "pending"},
        }},
    }  # fmt: skip
    result = autotag("resource", "a", obj=FakeCloudinary(answer).environment)

    assert result.exit_code == 0 and "\x1b" not in result.stdout
    for printed in ("a\\x1b[2J", "k=v", "zoo", "failed: no units", "pending", "tags            none", "L0\\x1b[31m"):
        assert printed in result.stdout
    assert "… 28 more labels without a tag, --json prints all" in result.stdout


@pytest.mark.parametrize(
    ("command", "sent"),
    [
        (("add", "a", "b,c"), {"command": "add", "tag": "a,b,c"}),
        (("remove", "a"), {"command": "remove", "tag": "a"}),
        (("replace", "a", "a"), {"command": "replace", "tag": "a"}),
        (("remove-all",), {"command": "remove_all"}),
    ],
)
def test_tags_of_assets_are_changed(command: tuple[str, ...], sent: dict[str, str]) -> None:
    cloud = FakeCloudinary({"public_ids": ["x", "y,z"]})
    result = autotag("tags", *command, "--to", "x", "--to", "y,z", obj=cloud.environment)

    assert (result.exit_code, result.stderr) == (0, "2 of 2 assets: done.\n")
    (call,) = cloud.received
    assert call.path == "image/tags"
    assert call.fields == {**sent, "public_ids[]": ["x", "y,z"], "type": "upload"}


def test_more_than_a_thousand_assets_take_several_calls() -> None:
    ids = [f"p{number}" for number in range(2500)]
    cloud = FakeCloudinary(*({"public_ids": ids[start : start + 1000]} for start in range(0, 2500, 1000)))
    result = autotag(
        "tags", "add", "a", "--to-file", "-", "--json", stdin="\n".join([*ids, ids[0], ""]), obj=cloud.environment
    )
    assert result.exit_code == 0
    assert [len(call.fields["public_ids[]"]) for call in cloud.received] == [1000, 1000, 500]
    assert [len(answer["public_ids"]) for answer in objects(result)] == [1000, 1000, 500]


def test_an_asset_that_cloudinary_does_not_name_is_told() -> None:
    result = autotag(
        "tags", "add", "a", "--to", "x", "--to", "y", obj=FakeCloudinary({"public_ids": ["x"]}).environment
    )
    assert result.exit_code == 1
    assert "Cloudinary's response does not name y" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("update", "x"), "there is nothing to change"),
        (("update", "x", "--notification-url", "https://example.com"), "there is nothing to change"),
        (("tags", "add", "a"), "--to: expected at least one public_id"),
        (("tags", "add", " , ", "--to", "x"), "TAG: expected at least one tag"),
        (("tags", "add", "a", "--to-file", "nosuch"), "nosuch: cannot be read"),
        (("resource", "a/../b"), "expected a name without empty, . or .. parts"),
        (("resource", "x", "--resource-type", "auto"), "--resource-type: expected image, video or raw"),
    ],
)
def test_wrong_usage_sends_nothing(arguments: tuple[str, ...], sentence: str) -> None:
    cloud = FakeCloudinary()
    result = autotag(*arguments, obj=cloud.environment)
    assert (result.exit_code, cloud.received) == (2, [])
    assert sentence in result.stderr


@pytest.mark.parametrize("command", [("resource", "x"), ("explicit", "x"), ("update", "x", "--tags", "a")])
def test_an_asset_that_is_not_there_is_an_answer_of_no(command: tuple[str, ...]) -> None:
    result = autotag(*command, obj=FakeCloudinary(MISSING).environment)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Cloudinary did not find this (404): Resource not found - x" in result.stderr
