"""``make deploy`` as a whole: what it asks AWS, and the two commands of SAM that it runs."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from deploy.__main__ import main

PROJECT = Path(__file__).resolve().parents[3]
STACK = {"Parameters": {"Architecture": {"Type": "String"}}, "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}
SAM = """#!/bin/sh
printf '%s\\n' "$@" >> calls; echo >> calls
test "$1" != "$(cat fails 2>/dev/null)"
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project folder with the real template and profiles, a SAM that writes its arguments down, and an AWS."""
    for name in ("template.yaml", "samconfig.toml"):
        shutil.copy(PROJECT / name, tmp_path / name)
    sam = tmp_path / ".tools" / "sam" / "bin" / "sam"
    sam.parent.mkdir(parents=True)
    sam.write_text(SAM)
    sam.chmod(0o755)
    for name, value in {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with mock_aws():
        yield tmp_path


def calls(project: Path) -> list[list[str]]:
    """Return the arguments of each call of SAM."""
    path = project / "calls"
    return [call.splitlines() for call in path.read_text().split("\n\n") if call] if path.exists() else []


def create(name: str, architecture: str) -> None:
    boto3.client("cloudformation", region_name="eu-west-1").create_stack(
        StackName=name,
        TemplateBody=json.dumps(STACK),
        Parameters=[{"ParameterKey": "Architecture", "ParameterValue": architecture}],
    )


def test_build_and_deploy_get_the_architecture_of_the_running_stack(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    create("autotag-production", "x86_64")
    options = ["--config-env", "production", "--set", "LogLevel=WARNING", "--no-confirm-changeset"]
    assert main(options, project) == 0
    checked, build, deploy = calls(project)
    assert checked == ["deploy", "--config-env", "production", "--no-confirm-changeset", "--help"]
    assert build == ["build", "--config-env", "production", "--parameter-overrides", "Architecture=x86_64"]
    assert deploy[:5] == ["deploy", "--config-env", "production", "--no-confirm-changeset", "--parameter-overrides"]
    assert sorted(deploy[5:]) == [
        'Architecture="x86_64"', 'BulkConcurrency="5"', 'DeletionProtection="true"', 'LogLevel="WARNING"',
        'LogRetentionDays="90"', 'WorkerConcurrency="50"',
    ]  # fmt: skip
    assert "stays on x86_64" in capsys.readouterr().err


def test_an_option_that_sam_does_not_know_costs_no_build(project: Path) -> None:
    (project / "fails").write_text("deploy")  # as SAM ends on an unknown option
    assert main(["--foo"], project) == 1
    assert [call[0] for call in calls(project)] == ["deploy"]


def test_a_first_deploy_takes_the_profile(project: Path) -> None:
    assert main(["--stack-name", "other"], project) == 0
    build, deploy = calls(project)
    assert build[-1] == "Architecture=arm64"
    assert deploy == [
        "deploy", "--config-env", "default", "--stack-name", "other", "--parameter-overrides", 'Architecture="arm64"',
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--set", "LogLevl=INFO"], "did you mean LogLevel?"),
        (["--set", "PollFirstDelaySeconds=1.5"], "expected a whole number from 1 to 3,600"),
        (["--config-env", "prod"], "no profile 'prod'; expected one of default, production"),
        (["--parameter-overrides", "LogLevel=INFO"], 'expected make deploy SET="NAME=VALUE ..."'),
        (["--set", "AlarmTopicArn=arn:aws-cn:sns:cn-north-1:123456789012:a"], "expected one of aws"),
        (["--profile", "none-such"], "none-such"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_nothing_is_built(
    project: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert main(arguments, project) == 2
    err = capsys.readouterr().err
    assert sentence in err and len(err.splitlines()) == 1 and err.startswith("make deploy: ")
    assert calls(project) == []


def test_a_misspelled_name_in_the_profile_is_found_too(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = project / "samconfig.toml"
    path.write_text(path.read_text().replace("LogRetentionDays", "LogRetentionDay"))
    assert main(["--config-env", "production"], project) == 2
    assert "samconfig.toml, profile production: the template has no parameter" in capsys.readouterr().err


def test_nothing_is_deployed_where_the_build_fails(project: Path) -> None:
    (project / "fails").write_text("build")
    assert main([], project) == 1
    assert [call[0] for call in calls(project)] == ["build"]


def test_the_target_of_the_makefile_passes_profile_values_and_options() -> None:
    """A shell's own ENV variable must not choose the profile."""
    shown = subprocess.run(
        ["/usr/bin/make", "--dry-run", "--assume-old=.venv/.installed", "--assume-old=.tools/sam/.installed", "deploy",
         "SET=A=1 B=2", "ARGS=--region eu-west-1"],
        cwd=PROJECT, env={"ENV": "/etc/profile", "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert "python -m deploy --config-env 'default' --set \"$SET\" --region eu-west-1" in shown
