"""``autotag decide`` on files that people have in place of an asset with labels: it says where those are."""

import json
import shutil
import subprocess
from typing import Any

import pytest

from tests.unit.autotag_cli.decide.test_decide_lists import answer
from tests.unit.autotag_cli.run_command import autotag, objects

DETECTED = [{"Name": "Dog", "Confidence": 98.7, "Instances": [], "Parents": []}, {"Name": "Cat", "Confidence": 55}]
JQ = shutil.which("jq")
IN_VIDEO = [{"Timestamp": 0, "Label": DETECTED[0]}, {"Timestamp": 40, "Label": DETECTED[1]}]


@pytest.mark.parametrize("place", ["", "[0]:"])
def test_rekognitions_own_response_is_one_sentence_on_the_scale(place: str) -> None:
    own: Any = {"Labels": DETECTED, "LabelModelVersion": "3.0"}
    result = autotag("decide", "-", stdin=json.dumps([own] if place else own))

    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert result.stderr.startswith(f"autotag: stdin:{place} Labels: this is Rekognition's own response, with confiden")
    assert "from 0 to 100 where Cloudinary's go from 0 to 1: convert it with jq '" in result.stderr


@pytest.mark.skipif(JQ is None, reason="jq is not installed")
@pytest.mark.parametrize("labels", [DETECTED, IN_VIDEO])
def test_the_command_in_that_sentence_converts_the_response(labels: list[object]) -> None:
    own = json.dumps({"Labels": labels})
    program = autotag("decide", "-", stdin=own).stderr.partition("jq '")[2].rpartition("'")[0]
    converted = subprocess.run([str(JQ), program], input=own, capture_output=True, text=True, check=True).stdout

    (audit,) = objects(autotag("decide", "--json", "-", stdin=converted))
    assert [(row["label"], row["confidence"]) for row in audit["labels"]] == [("Dog", 0.987), ("Cat", 0.55)]


def test_a_list_of_rekognitions_labels_says_what_to_give_instead() -> None:
    result = autotag("decide", "-", stdin=json.dumps(DETECTED[:1]))

    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "stdin:[0]: Confidence: this is one label of Rekognition's own response, with a confidence" in result.stderr


SEARCH_ANSWER = {
    "total_count": 2,
    "time": 21,
    "resources": [
        {"asset_id": "a1", "public_id": "marsh/a", "folder": "marsh", "filename": "a", "format": "jpg", "version": 7},
        {"asset_id": "a2", "public_id": "marsh/b", "folder": "marsh", "filename": "b", "format": None, "version": 7},
    ],
}


@pytest.mark.parametrize("listed", [SEARCH_ANSWER, SEARCH_ANSWER["resources"]])
def test_a_list_without_any_labels_says_where_they_are(listed: object) -> None:
    result = autotag("decide", "--json", "-", stdin=json.dumps(listed))

    assert [record["outcome"] for record in objects(result)] == ["skipped", "skipped"]
    assert result.stderr.splitlines()[0].startswith("No asset of the list has labels.")
    assert "autotag resource PUBLIC_ID --json" in result.stderr
    assert autotag("decide", "--json", "-", stdin=json.dumps([answer(1), answer(2, info={})])).stderr.count("\n") == 1
