"""Nothing of the user's environment sends a local run to AWS."""

import os
import sys
from pathlib import Path

import pytest

from local.core.errors import LocalError
from local.core.paths import clean_environment, lambda_architecture, tool_path


def test_tools_see_no_aws_settings_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ROLE_ARN", "SAM_CLI_BETA_FEATURES", "PYTHONPATH"):
        monkeypatch.setenv(name, "the user's")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "the user's")

    environment = clean_environment(AWS_ENDPOINT_URL="http://127.0.0.1:1")

    assert "the user's" not in environment.values()
    assert environment["AWS_ACCESS_KEY_ID"] == "test"
    assert environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1"
    assert environment["AWS_CONFIG_FILE"] == environment["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
    assert "127.0.0.1" in environment["NO_PROXY"]


def test_the_projects_python_comes_first() -> None:
    assert clean_environment()["PATH"].split(os.pathsep)[0] == str(Path(sys.executable).parent)


@pytest.mark.parametrize(
    ("machine", "lambdas"),
    [("x86_64", "x86_64"), ("AMD64", "x86_64"), ("aarch64", "arm64"), ("arm64", "arm64")],
)
def test_the_machine_is_named_as_lambda_names_it(machine: str, lambdas: str) -> None:
    assert lambda_architecture(machine) == lambdas


def test_a_missing_tool_says_what_to_do() -> None:
    with pytest.raises(LocalError, match=r"\.tools/none/bin/none is not installed: run `make install`"):
        tool_path("none", "none")
