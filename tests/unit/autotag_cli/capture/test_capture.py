"""``autotag capture`` prints bodies that are read as before and say nothing about whose they are."""

import json
import re
from typing import Any

import pytest

from autotag.domain.model.labels import label_keys
from autotag.domain.notifications.parse import parse
from tests.unit.autotag_cli.capture.shapes import read, shape
from tests.unit.autotag_cli.run_command import EVENTS, PROJECT, autotag, objects
from tests.unit.captures import CAPTURES, Capture
from tests.unit.handlers.webhook.webhook_requests import post, signed

BODIES = [path.read_bytes() for path in sorted((EVENTS / "bodies").glob("*.json"))]
ANSWERS = [path.read_bytes() for path in sorted((EVENTS / "responses").glob("*.json"))]
each = pytest.mark.parametrize("capture", CAPTURES, ids=lambda capture: capture.name)


def capture_of(body: bytes, *more: str) -> Any:
    result = autotag("capture", "-", *more, stdin=body)
    assert result.exit_code == 0
    return json.loads(result.stdout)


def captured(body: dict[str, Any], *more: str) -> dict[str, Any]:
    return dict(capture_of(json.dumps(body).encode(), *more))


def posted(document: Any) -> bytes:
    return json.dumps(document).encode()


@each
def test_a_payload_keeps_its_shape_and_the_order_of_its_keys(capture: Capture) -> None:
    replaced = capture_of(capture.body)
    assert shape(replaced) == shape(capture.document)
    assert list(replaced) == list(capture.document)


@pytest.mark.parametrize("body", [*(capture.as_notification() for capture in CAPTURES), *BODIES, *ANSWERS])
def test_the_parser_reads_the_same_from_both(body: bytes) -> None:
    assert read(posted(capture_of(body))) == read(posted(json.loads(body)))


@each
def test_decide_decides_the_same_on_both(capture: Capture) -> None:
    before = autotag("decide", "--json", "-", stdin=capture.body)
    after = autotag("decide", "--json", "-", stdin=posted(capture_of(capture.body)))
    assert after.exit_code == before.exit_code and after.stderr == before.stderr
    for old, new in zip(objects(before), objects(after), strict=True):
        assert (new["outcome"], new.get("reason"), new["labels"]) == (old["outcome"], old.get("reason"), old["labels"])


@each
def test_nothing_that_identifies_the_made_up_accounts_is_left(capture: Capture) -> None:
    document = capture.document
    left = set(re.findall(r"\w+", json.dumps(capture_of(capture.body))))
    fields = ("public_id", "asset_id", "version_id", "etag", "request_id", "batch_id", "api_key")
    names = re.findall(r"\w+", " ".join(str(document.get(field) or "") for field in fields))
    assert not left & {*names, "testcloud", "333333333333333", "field111111111111111", "BBBBBBBB", "crew", "bbbb"}


def test_a_name_is_the_same_in_every_place_and_no_two_names_become_one() -> None:
    body = {
        "public_id": "marsh/my heron",
        "asset_folder": "marsh",
        "display_name": "My Heron",
        "url": "https://res.cloudinary.com/testcloud/image/upload/c_fill,w_100/v12/marsh/my%20heron.jpg",
        "tags": ["marsh", "Marsh", "MARSH", "heron", "crane"],
        "context": {"custom": {"marsh": "heron"}},
    }
    found = captured(body)
    folder, name = found["public_id"].split("/")
    assert found["asset_folder"] == folder and found["display_name"] == name.title()
    assert found["tags"][:4] == [folder, folder.title(), folder.upper(), name.split(" ")[1]]
    assert len(set(found["tags"])) == 5
    assert found["context"] == {"custom": {folder: name.split(" ")[1]}}
    cloud = found["url"].split("/")[3]
    assert found["url"] == (
        f"https://res.cloudinary.com/{cloud}/image/upload/c_fill,w_100/v12/{folder}/{name.replace(' ', '%20')}.jpg"
    )
    assert cloud != "testcloud" and len(cloud) == 9


def test_tags_stay_only_where_they_repeat_a_label() -> None:
    data = [{"tag": "Heron", "confidence": 0.91}]
    info = {"categorization": {"aws_rek_tagging": {"status": "complete", "data": data}}}
    found = captured({"tags": ["heron", "HERON", "marsh-2026", "Eva"], "info": info})
    assert found["info"] == {"categorization": {"aws_rek_tagging": {"status": "complete", "data": data}}}
    assert found["tags"][:2] == ["heron", "HERON"]
    only_labels = autotag("capture", "-", stdin=json.dumps({"tags": ["heron"], "info": info}))
    assert only_labels.stderr.startswith("Replaced in: nothing.")
    assert len(found["tags"]) == 4 and not label_keys(found["tags"]) & {"marsh-2026", "eva"}


def test_a_failed_result_keeps_its_sentence_only_if_asked_and_never_the_names_in_it() -> None:
    sentence = "Add-on failed for marsh/heron in testcloud, see https://api.cloudinary.com/v1_1/testcloud/x or 7f3d21b0"
    body: dict[str, Any] = {
        "notification_type": "info",
        "info_kind": "aws_rek_tagging",
        "info_status": "failed",
        "info_data": sentence,
    }
    body |= {"asset_id": "a1", "public_id": "marsh/heron", "version": 7, "url": "http://res.cloudinary.com/testcloud/x"}
    hidden = captured(body)
    assert len(hidden["info_data"]) == len(sentence) and "failed" not in hidden["info_data"]
    assert read(posted(hidden)) == read(posted(body))
    found = captured(body, "--keep-messages")
    assert found["info_data"].startswith(f"Add-on failed for {found['public_id']} in ")
    for word in ("marsh", "heron", "testcloud", "7f3d21b0"):
        assert word not in json.dumps(found)
    (message,) = parse(posted(found), timestamp=1)
    assert read(posted(found)) == read(posted(body)) and message is not None


def test_a_change_of_context_keeps_its_frame() -> None:
    one: dict[str, Any] = {"asset_id": "a1", "resource_type": "image", "type": "upload"}
    one |= {"added": {"stage": "north"}, "updated": {"crew": {"old_value": "eva", "new_value": "kim"}}, "removed": []}
    other = {**one, "added": [{"name": "stage", "value": "north"}], "updated": [], "removed": ["crew"]}
    body = {"notification_type": "resource_context_changed", "resources": {"marsh/heron": one, "marsh/crane": other}}
    found = captured(body)
    assert read(posted(found)) == read(posted(body))
    for word in ("stage", "north", "crew", "eva", "kim", "marsh", "heron", "crane"):
        assert word not in json.dumps(found).split('"')
    assert list(found["resources"].values())[1]["added"][0].keys() == {"name", "value"}


def test_a_field_that_is_not_known_gives_nothing_away_and_its_name_can_be_kept() -> None:
    body = {
        "public_id": "a/b",
        "brand_new": {"type": "evangeline", "owner": "Evangeline", "at": "2026-01-01", "shoesize": 424242},
    }
    hidden = autotag("capture", "-", stdin=json.dumps(body))
    text = json.dumps(json.loads(hidden.stdout))
    assert not any(
        word in text.lower() for word in ("evangeline", "brand_new", "owner", "2026-01-01", "424242", "shoesize")
    )
    assert "as names of fields that autotag does not know: brand_new, owner, at, shoesize." in hidden.stderr
    kept = captured(body, "--keep", "brand_new", "--keep", "owner")
    assert "owner" in kept["brand_new"] and "evangeline" not in json.dumps(kept).lower()


def test_what_was_replaced_is_said_apart_from_the_body() -> None:
    path = EVENTS / "bodies" / "info-failed.json"
    first, last = "Replaced in: asset_id, public_id, url, secure_url.", "Read the output before you share it."
    message = "Replaced too: a message of Cloudinary's; --keep-messages keeps it, except for names."
    assert autotag("capture", path).stderr.splitlines() == [first, message, last]
    result = autotag("capture", path, "--keep-messages")
    message = "Kept, except for words that name something: Failed to process request"
    assert result.stderr.splitlines() == [first, message, last]
    assert json.loads(result.stdout)["info_data"] == "Failed to process request"


def test_two_runs_replace_by_other_words() -> None:
    body = CAPTURES[0].body
    assert capture_of(body)["public_id"] != capture_of(body)["public_id"]


def test_a_lambda_event_and_a_list_are_taken() -> None:
    body = BODIES[0]
    event = json.dumps(post(body, signed(body), encoded=True)).encode()
    assert shape(capture_of(event)) == shape(json.loads(body))
    assert shape(capture_of(b"[%s, %s]" % (body, body))) == [shape(json.loads(body))] * 2
    assert capture_of(b"\xef\xbb\xbf{}") == {}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"{", "stdin: expected JSON (Input data was truncated)"),
        (b"\xff", "stdin: expected JSON"),
        (b"7", "stdin: expected a JSON object, or a list of them"),
        (b"[" * 100_000, "stdin: expected JSON (JSON is nested too deeply)"),
        (b"[" * 3000 + b"]" * 3000, "stdin: is nested too deeply"),
    ],
)
def test_bad_input_is_one_sentence(text: bytes, sentence: str) -> None:
    result = autotag("capture", "-", stdin=text)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert result.stderr.startswith(f"autotag: {sentence}")


def test_the_runbook_asks_for_captures_that_are_missing() -> None:
    page = (PROJECT / "docs" / "operations.md").read_text("utf-8")
    section = page.partition("## Sharing a real body")[2].partition("\n## ")[0]
    for wanted in ("aws_rek_tagging", "resource_tags_changed", "rename", "failed", "pending", "autotag capture"):
        assert wanted in section
