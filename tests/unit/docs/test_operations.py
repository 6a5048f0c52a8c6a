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


def logged_by(method: str) -> set[str]:
    """Return the event names that the source logs by a method such as ``info``."""
    source = "".join(path.read_text("utf-8") for path in (PROJECT / "src").rglob("*.py"))
    return set(re.findall(rf'\.{method}\(\s*"(\w+)"', source))


def test_what_the_runbook_looks_for_is_logged_at_every_level() -> None:
    """``LogLevel`` may be WARNING for worker, poller and ops; webhook and intake function always log at INFO."""
    patterns = re.findall(r"\blog (Worker|Poller) '([^']+)'", TEXT)
    words = {word for _, pattern in patterns for word in re.findall(r'\$\.message = "(\w+)"', pattern)}
    assert len(words) >= 6
    assert words <= logged_by("warn") | logged_by("error")
    assert not words & logged_by("info")


def test_a_log_level_means_something_and_hides_nothing_that_doctor_reads() -> None:
    template = read_template()
    assert template["Parameters"]["LogLevel"]["AllowedValues"] == ["INFO", "WARNING"]
    always = {
        name
        for name, each in template["Resources"].items()
        if each["Type"] == "AWS::Serverless::Function"
        and each["Properties"]["Environment"]["Variables"].get("POWERTOOLS_LOG_LEVEL") == "INFO"
    }
    assert always == {"WebhookFunction", "IntakeFunction"}
    assert logged_by("info") and logged_by("warn")
