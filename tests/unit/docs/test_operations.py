"""docs/operations.md is about the stack as it is: every alarm, every parameter, no resource that is not there."""

import re
from typing import Any

import pytest

from tests.infra.sam_transform import read_template, transform_template
from tests.unit.docs.pages import PROJECT, code

PAGE = PROJECT / "docs" / "operations.md"
TEXT = PAGE.read_text("utf-8")
RESOURCES: dict[str, Any] = transform_template(read_template())["Resources"]


def section(heading: str) -> str:
    """Return the text under a heading, up to the next one of its level."""
    return TEXT.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


def test_every_alarm_has_its_row_and_no_other_has_one() -> None:
    rows = re.findall(r"^\| (`.*?) \|", section("Alarms"), re.MULTILINE)
    named = re.findall(r"`(\w+)`", " ".join(rows))
    assert sorted(named) == sorted(key for key, each in RESOURCES.items() if each["Type"] == "AWS::CloudWatch::Alarm")


@pytest.mark.parametrize("parameter", read_template()["Parameters"])
def test_every_parameter_is_explained(parameter: str) -> None:
    assert f"`{parameter}`" in section("Settings")


def test_commands_name_resources_of_the_stack() -> None:
    called = code(PAGE)
    named = {*re.findall(r"\b(?:of|arn) ([A-Z]\w+)", called)} - {"NAME"}
    logs = {f"{each}LogGroup" for each in re.findall(r"\blog ([A-Z]\w+)", called)}
    assert len(named) > 5 and len(logs) == 4
    assert named | logs <= set(RESOURCES)


def test_words_that_are_looked_for_in_logs_are_logged() -> None:
    source = "".join(path.read_text("utf-8") for path in (PROJECT / "src").rglob("*.py"))
    words = set(re.findall(r'\$\.message = "(\w+)"', TEXT))
    assert len(words) > 5
    assert not [word for word in words if f'"{word}"' not in source]


def test_what_the_stack_keeps_is_named() -> None:
    kept = {key for key, each in RESOURCES.items() if each.get("DeletionPolicy") == "Retain"}
    assert kept == {name for name in re.findall(r"`of (\w+)`", section("Deleting the stack"))}
