"""samconfig.toml is read as the SAM CLI reads it, and gives its build and its deploy the same values."""

import tomllib
from pathlib import Path

import pytest

from deploy.errors import DeployError
from deploy.parameters import check_values, parameters_of
from deploy.profile import deploy_settings, read_profile, values_in
from tests.infra.sam_transform import read_template

SAMCONFIG = Path(__file__).resolve().parents[3] / "samconfig.toml"


@pytest.mark.parametrize("name", ["default", "production"])
def test_sam_build_and_sam_deploy_read_the_same_architecture(name: str) -> None:
    """``sam build && sam deploy`` must never build for one processor and deploy for another."""
    document = tomllib.loads(SAMCONFIG.read_text("utf-8"))
    build, deploy = (deploy_settings(document, name, command)["parameter_overrides"] for command in ("build", "deploy"))
    assert build == deploy
    assert "Architecture" in values_in(build, "")


@pytest.mark.parametrize("name", ["default", "production"])
def test_the_profiles_set_parameters_to_what_the_template_allows(name: str) -> None:
    check_values(parameters_of(read_template()), read_profile(SAMCONFIG, name).values, name)


@pytest.mark.parametrize(
    "overrides",
    [
        'LogLevel=INFO AlarmEmail=""',
        ["LogLevel=INFO", 'AlarmEmail=""'],
        'LogLevel="INFO" AlarmEmail=',
        {"LogLevel": "INFO", "AlarmEmail": ""},
    ],
)
def test_values_are_read_in_every_form_that_sam_takes(overrides: object) -> None:
    assert values_in(overrides, "") == {"LogLevel": "INFO", "AlarmEmail": ""}


@pytest.mark.parametrize("overrides", ["LogLevel", "=INFO", 'LogLevel="INFO', "ParameterKey=A,ParameterValue=B C"])
def test_what_is_not_a_value_is_refused(overrides: str) -> None:
    with pytest.raises(DeployError, match=r"SET: .*expected NAME=VALUE"):
        values_in(overrides, "SET")


def test_a_parameter_with_two_values_is_refused() -> None:
    assert values_in("A=1 A=1", "SET") == {"A": "1"}
    with pytest.raises(DeployError, match="SET: A is given as '1' and as '2'; expected one value"):
        values_in("A=1 A=2", "SET")


def test_the_command_comes_before_what_holds_for_all_commands(tmp_path: Path) -> None:
    path = tmp_path / "samconfig.toml"
    path.write_text(
        '[a.global.parameters]\nstack_name="s"\nregion="r"\nparameter_overrides="A=1"\n'
        '[a.deploy.parameters]\nparameter_overrides="A=2"\n'
    )
    assert read_profile(path, "a") == ("s", "r", {"A": "2"})


@pytest.mark.parametrize(
    ("text", "sentence"), [("x = ", "cannot be read"), ("[a.b]\n", "no profile 'production'; expected one of a")]
)
def test_a_profile_that_is_not_there_is_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "samconfig.toml"
    path.write_text(text)
    with pytest.raises(DeployError, match=sentence):
        read_profile(path, "production")
