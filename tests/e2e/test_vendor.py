"""docs/uploading.md, *Cloudinary's calls*, line by line, on the running stack: each gives the vendor page's result."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local.clients.cloudinary import account_url, image_details
from local.core.paths import PROJECT
from local.stack.stack import Stack
from tests.e2e.stack_client import wait_for_audits

PAGE = (PROJECT / "docs" / "uploading.md").read_text("utf-8")
SECTION = PAGE.partition("\n## Cloudinary's calls\n")[2].partition("\n## ")[0]
LINES = SECTION.partition("```bash\n")[2].partition("\n```")[0].splitlines()
GUITARIST = {
    "People": 0.9922, "Person": 0.9922, "Human": 0.9921, "Electric Guitar": 0.7046, "Guitar": 0.7046,
    "Musical Instrument": 0.7046, "Musician": 0.5754, "Performer": 0.5754,
}  # fmt: skip
SURE = [label.lower() for label, confidence in GUITARIST.items() if confidence >= 0.7]
KOALA = {"Animal": "animal", "Koala": "koala", "Mammal": "mammal"}
"""The labels of the page's update, and the tags that accounts get for them: in lower case."""


def run_documented_line(stack: Stack, line: str, *more: str) -> subprocess.CompletedProcess[str]:
    """Run a line of the page as a person does after ``make up``; it must succeed."""
    words = shlex.split(line, comments=True)
    assert words[0] == "autotag"
    command = [str(Path(sys.executable).parent / "autotag"), *words[1:], *more]
    environment = stack.environment(CLOUDINARY_URL=account_url(stack.simulator_url))
    ended = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended


def json_answer(stack: Stack, line: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run_documented_line(stack, line, "--json").stdout)
    return found


def tag_by_label(table: str) -> dict[str, str]:
    """Return the tag, or -, of each label in a printed table."""
    found = re.findall(r"^(\S.*?) {2,}[01]\.\d{4} \S+(?: 0\.\d\d)? +(.+?) *$", table, re.MULTILINE)
    return dict(found)


def labels(body: dict[str, Any]) -> list[dict[str, Any]]:
    (found,) = body["info"]["categorization"].items()
    assert found[0] == "aws_rek_tagging" and found[1]["status"] == "complete"
    data: list[Any] = found[1]["data"]
    return [label for entry in data for label in (entry if isinstance(entry, list) else [entry])]


def documented_line(*words: str) -> str:
    """Return the only line of the page that consists of all ``words`` and the text between them."""
    (line,) = [
        line for line in LINES if re.fullmatch(r"autotag " + ".*".join(map(re.escape, words)) + r" *(#.*)?", line)
    ]
    return line


def test_every_line_is_of_this_test() -> None:
    assert LINES[0].startswith("export PATH=")
    assert all(line.startswith("autotag ") for line in LINES[1:])
    assert len(LINES) == 10


def test_upload_finds_labels(stack: Stack) -> None:
    body = json_answer(stack, documented_line("upload events/images/guitarist.jpg --categorization aws_rek_tagging"))
    assert {label["tag"]: label["confidence"] for label in labels(body)} == GUITARIST
    assert (body["tags"], body["width"], body["height"], body["format"]) == ([], 160, 120, "jpg")


def test_upload_with_auto_tagging_makes_tags_of_the_confident_ones(stack: Stack) -> None:
    line = documented_line("upload events/images/guitarist.jpg --categorization aws_rek_tagging --auto-tagging 0.7")
    assert json_answer(stack, line)["tags"] == SURE
    assert tag_by_label(run_documented_line(stack, line).stdout) == {
        label: label.lower() if label.lower() in SURE else "-" for label in GUITARIST
    }


def test_explicit_does_so_to_a_stored_image(stack: Stack) -> None:
    run_documented_line(
        stack, documented_line("upload events/images/guitarist.jpg --public-id stage/guitarist --folder stage")
    )
    body = json_answer(
        stack, documented_line("explicit stage/guitarist --categorization aws_rek_tagging --auto-tagging 0.7")
    )
    assert (body["public_id"], body["tags"]) == ("stage/guitarist", sorted(SURE))
    assert {label["tag"]: label["confidence"] for label in labels(body)} == GUITARIST


def test_update_does_so_through_the_admin_api_and_resource_tells(stack: Stack) -> None:
    run_documented_line(stack, documented_line("upload events/images/koala5.jpg --public-id koala5"))
    body = json_answer(stack, documented_line("update koala5 --categorization aws_rek_tagging --auto-tagging 0.9"))
    assert body["tags"] == list(KOALA.values())
    assert labels(body)[:3] == [{"tag": tag, "confidence": 0.9933} for tag in KOALA]

    resource = json_answer(stack, documented_line("resource koala5"))
    assert labels(resource) == labels(body) and set(KOALA.values()) <= set(resource["tags"])
    printed = run_documented_line(stack, documented_line("resource koala5")).stdout
    shown = tag_by_label(printed)  # the service may have tagged it, too, by then
    assert {label: shown[label] for label in KOALA} == KOALA


def test_tags_are_added_to_both(stack: Stack) -> None:
    run_documented_line(
        stack, documented_line("upload events/images/guitarist.jpg --public-id stage/guitarist --folder stage")
    )
    run_documented_line(stack, documented_line("upload events/images/koala5.jpg --public-id koala5"))
    run_documented_line(stack, documented_line("tags add favorite --to koala5 --to stage/guitarist"))
    for public_id in ("koala5", "stage/guitarist"):
        assert "favorite" in image_details(stack.simulator_url, public_id)["tags"]


@pytest.mark.parametrize("name", ["guitarist", "koala5"])
def test_a_library_is_tagged_by_the_service(stack: Stack, name: str) -> None:
    line = documented_line("upload events/images --folder library --tags new --categorization aws_rek_tagging")
    run_documented_line(stack, line)  # for the second name it finds the assets of the first
    (audit,) = wait_for_audits(stack, f"library/{name}")
    assert (audit["outcome"], audit["tags"]["before"]) == ("tagged", ["new"])
    assert set(audit["tags"]["added"]) <= set(image_details(stack.simulator_url, f"library/{name}")["tags"])
