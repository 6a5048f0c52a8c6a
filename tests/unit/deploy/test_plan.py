"""What ``make deploy`` passes to SAM: one architecture, the given values, and the profile's others."""

import pytest

from deploy.parameters import parameters_of
from deploy.plan import plan_deploy
from deploy.profile import Profile
from tests.infra.sam_transform import read_template

PARAMETERS = parameters_of(read_template())
PRODUCTION = Profile("s", "", {"Architecture": "arm64", "DeletionProtection": "true", "LogRetentionDays": "90"})
X86 = {"Architecture": "x86_64", "LogLevel": "WARNING"}


def test_the_profile_keeps_its_values_where_others_are_given() -> None:
    values = plan_deploy(PARAMETERS, PRODUCTION, None, {"LogLevel": "WARNING"}).values
    assert values == {**PRODUCTION.values, "LogLevel": "WARNING"}


def test_a_given_value_comes_before_the_profiles() -> None:
    assert plan_deploy(PARAMETERS, PRODUCTION, None, {"LogRetentionDays": "30"}).values["LogRetentionDays"] == "30"


def test_what_the_stack_has_and_no_one_names_is_not_passed_so_that_it_stays() -> None:
    assert "LogLevel" not in plan_deploy(PARAMETERS, PRODUCTION, X86, {}).values


def test_a_running_stack_keeps_its_architecture_and_the_surprise_is_named() -> None:
    plan = plan_deploy(PARAMETERS, PRODUCTION, X86, {"LogLevel": "INFO"})
    assert plan.architecture == "x86_64"
    (sentence,) = plan.notes
    assert "runs on x86_64 and samconfig.toml says arm64" in sentence and "SET=Architecture=arm64" in sentence


@pytest.mark.parametrize(
    ("profile", "running", "given", "expected"),
    [
        ({}, None, {}, "arm64"),
        ({"Architecture": "x86_64"}, None, {}, "x86_64"),
        ({}, {"Architecture": "x86_64"}, {"Architecture": "arm64"}, "arm64"),
        ({}, {"LogLevel": "INFO"}, {}, "arm64"),
    ],
)
def test_there_is_always_one_architecture(
    profile: dict[str, str], running: dict[str, str] | None, given: dict[str, str], expected: str
) -> None:
    plan = plan_deploy(PARAMETERS, Profile("s", "", profile), running, given)
    assert (plan.architecture, plan.values["Architecture"], plan.notes) == (expected, expected, ())


def test_values_are_passed_in_quotes_so_that_an_empty_one_arrives() -> None:
    plan = plan_deploy(PARAMETERS, Profile("s", "", {}), None, {"AlarmEmail": ""})
    assert plan.overrides() == ['AlarmEmail=""', 'Architecture="arm64"']
