"""A fraction for a parameter of type Number takes no function down: it is rounded, or the deploy refuses it."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from autotag.domain.errors import Invalid
from autotag.settings import OpsSettings, PollChannelSettings, WebhookSettings, WorkerSettings, read
from tests.infra.cloudformation_template import ref
from tests.infra.sam_transform import read_template

SETTINGS: dict[str, type[Any]] = {
    "WebhookFunction": WebhookSettings,
    "IntakeFunction": PollChannelSettings,
    "WorkerFunction": WorkerSettings,
    "PollerFunction": WorkerSettings,
    "ViewFunction": OpsSettings,
    "ReviewFunction": OpsSettings,
    "OpsFunction": OpsSettings,
}
NUMBERS = [name for name, declared in read_template()["Parameters"].items() if declared["Type"] == "Number"]
REFUSED = {
    "LogRetentionDays": "it is not among its AllowedValues",
    "WorkerConcurrency": "CloudFormation: MaximumConcurrency is an integer",
    "BulkConcurrency": "CloudFormation: MaximumConcurrency is an integer",
    "ExportConcurrency": "CloudFormation: MaximumConcurrency is an integer",
    "ExportRetentionDays": "CloudFormation: ExpirationInDays is an integer",
    "WorkerMemory": "CloudFormation: MemorySize is an integer",
    "PollerMemory": "CloudFormation: MemorySize is an integer",
    "ConsoleReservedConcurrency": "CloudFormation: ReservedConcurrentExecutions is an integer",
    "WebhookReservedConcurrency": "CloudFormation: ReservedConcurrentExecutions is an integer",
}
"""The parameters that no function reads, and why a fraction never arrives."""


def variables(function: str) -> dict[str, Any]:
    """Return the environment variables of a function in the template."""
    declared: dict[str, Any] = read_template()["Resources"][function]["Properties"]["Environment"]["Variables"]
    return declared


def readers(parameter: str) -> Iterator[tuple[str, str]]:
    """Yield each function and variable that gets the parameter's value as text, as CloudFormation writes it."""
    for function in SETTINGS:
        for variable, value in variables(function).items():
            if ref(parameter) in (value, *_chosen(value)):
                yield function, variable


def _chosen(value: Any) -> list[Any]:
    """Return what an ``!If`` chooses between."""
    return list(value["Fn::If"][1:]) if isinstance(value, dict) and "Fn::If" in value else []


def settings(function: str, variable: str, text: str) -> Any:
    """Return the settings that a function reads where one variable has the value ``text``."""
    others = {name: value if isinstance(value, str) else "x" for name, value in variables(function).items()}
    refs = [ref(each) for each in NUMBERS]
    numbers = {
        name: "60"
        for name, value in variables(function).items()
        if any(each in refs for each in (value, *_chosen(value)))
    }
    words = {"READ_BEFORE_WRITE": "false", "EVENTS": "always", "REKOGNITION": "url"}
    return read(SETTINGS[function], {**others, **numbers, **words, variable: text})


@pytest.mark.parametrize("parameter", NUMBERS)
def test_a_fraction_takes_no_function_down(parameter: str) -> None:
    found = list(readers(parameter))
    assert bool(found) != (parameter in REFUSED)
    for function, variable in found:
        least = max(1, read_template()["Parameters"][parameter]["MinValue"])
        value = msgspec.structs.asdict(settings(function, variable, f"{least}.6"))[variable.lower()]
        assert (value, type(value)) == (least + 1, int)


def test_what_no_function_reads_is_a_whole_number_for_cloudformation() -> None:
    assert 1.5 not in read_template()["Parameters"]["LogRetentionDays"]["AllowedValues"]
    assert set(REFUSED) <= set(NUMBERS)


@pytest.mark.parametrize("text", ["", "many", "nan", "inf", "-1", "0"])
def test_what_is_no_number_in_range_is_named(text: str) -> None:
    with pytest.raises(Invalid):
        settings("WorkerFunction", "POLL_FIRST_DELAY_SECONDS", text)


def test_a_name_that_looks_like_a_number_stays_as_it_is() -> None:
    assert settings("IntakeFunction", "POLL_CHANNEL", "1e5").poll_channel == "1e5"
