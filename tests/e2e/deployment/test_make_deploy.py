"""``make deploy`` with the real SAM CLI: whatever is changed, functions start; and what doctor says if one does not."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from autotag_cli.errors import Failure
from local.core.paths import PROJECT, lambda_architecture
from local.stack.deployment import read_outputs
from local.stack.stack import Stack, delete_beside
from tests.e2e.setup_commands import command
from tests.e2e.stack_client import ops

NAME = "autotag-by-make"
HERE = lambda_architecture()
OTHER = "x86_64" if HERE == "arm64" else "arm64"


IMPORT_ERROR = (
    "[ERROR] Runtime.ImportModuleError: Unable to import module 'handlers.ops': No module named 'msgspec._core'"
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is deployed, whose samconfig.toml names the processor that this machine does not have."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("src", "layers", "deploy"):
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in (".tools", ".venv"):
        (folder / name).symlink_to(PROJECT / name)
    shutil.copy(PROJECT / "template.yaml", folder)
    settings = (PROJECT / "samconfig.toml").read_text("utf-8")
    (folder / "samconfig.toml").write_text(settings.replace("Architecture=arm64", f"Architecture={OTHER}"))
    return folder


@pytest.fixture(scope="module")
def deployed(stack: Stack, project: Path) -> Iterator[Stack]:
    """A stack that is deployed by ``make deploy`` for this machine's processor, and then changed in another setting."""
    made = replace(stack, stack=NAME)
    first = deploy(stack, project, f"Architecture={HERE} CloudinaryApiBase={stack.simulator_url} LogRetentionDays=7")
    assert first.returncode == 0, first.stdout + first.stderr
    try:
        changed = deploy(stack, project, "LogLevel=WARNING")
        assert changed.returncode == 0, changed.stdout + changed.stderr
        assert f"the stack runs on {HERE} and samconfig.toml says {OTHER}: it stays on {HERE}" in changed.stderr
        yield replace(made, outputs=read_outputs(stack.endpoint_url, NAME))
    finally:
        delete_beside(made)


def deploy(stack: Stack, project: Path, values: str) -> subprocess.CompletedProcess[str]:
    """Run what the Makefile runs."""
    return subprocess.run(
        [sys.executable, "-m", "deploy", "--set", values, "--stack-name", NAME, "--no-confirm-changeset"],
        cwd=project, env=stack.environment(), capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip


def test_after_a_change_of_another_setting_every_function_starts(deployed: Stack) -> None:
    """It was built for the running stack's processor, not for the one that the template or samconfig.toml names."""
    assert ops(deployed).health()["faults"] == {}


def test_what_the_change_did_not_name_is_as_before(deployed: Stack) -> None:
    (described,) = deployed.client("cloudformation").describe_stacks(StackName=NAME)["Stacks"]
    values = {each["ParameterKey"]: each["ParameterValue"] for each in described["Parameters"]}
    assert (values["Architecture"], values["LogLevel"], values["LogRetentionDays"]) == (HERE, "WARNING", "7")
    assert values["CloudinaryApiBase"] == deployed.simulator_url


def test_the_doctor_recognizes_a_package_of_the_other_processor(stack: Stack, project: Path, deployed: Stack) -> None:
    """The compiled library of the package gets the name that it has for the other processor."""
    names = {"arm64": "aarch64", "x86_64": "x86_64"}
    for library in (project / ".aws-sam" / "build").glob("*/msgspec/_core.*.so"):
        library.rename(library.with_name(library.name.replace(names[HERE], names[OTHER])))
    sam: list[str | Path] = [
        project / ".tools" / "sam" / "bin" / "sam",
        "deploy",
        "--stack-name",
        NAME,
        "--no-confirm-changeset",
    ]
    done = subprocess.run(
        [*sam, "--parameter-overrides", f"Architecture={HERE}"],
        cwd=project, env=stack.environment(), capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    with pytest.raises(Failure, match="502"):
        ops(deployed).health()
    log_as_lambda_does(deployed)

    lines = {line["name"]: line for line in command(deployed, "doctor").printed["lines"]}
    assert lines["ops function"]["state"] == "fail"
    assert f"the functions run on {HERE}, and the package was built for another" in lines["ops function"]["told"]
    assert lines["ops function"]["mend"].startswith(f'make deploy ARGS="--stack-name {NAME}"')


def log_as_lambda_does(stack: Stack) -> None:
    """Write the line that Lambda logs where a module cannot be imported: the emulator answers 502 and logs nothing.

    Source: Lambda developer guide, *Troubleshoot issues with Lambda*, *Unable to import module*.
    """
    function = stack.outputs["ViewFunctionName"]
    group = stack.client("lambda").get_function_configuration(FunctionName=function)["LoggingConfig"]["LogGroup"]
    logs = stack.client("logs")
    logs.create_log_stream(logGroupName=group, logStreamName="init")
    event = {"timestamp": round(time.time() * 1000), "message": IMPORT_ERROR}
    logs.put_log_events(logGroupName=group, logStreamName="init", logEvents=[event])
