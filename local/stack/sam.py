"""The real SAM CLI: it builds the template, and deploys it to the emulator."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from local.core.locking import locked
from local.core.paths import LOCAL, PROJECT, clean_environment, lambda_architecture, tool_path
from local.core.processes import ToolRun, run_tool

_SHARED = LOCAL / "sam"
"""SAM's build folder and cache, shared by all runs."""


def build(folder: Path, shared: Path = _SHARED) -> Path:
    """Build the project's template and return the path of the result in ``folder``, where no other run changes it.

    ``shared`` holds SAM's build folder and cache.
    """
    shared.mkdir(parents=True, exist_ok=True)
    command: list[str | Path] = [
        tool_path("sam", "sam"), "build", "--cached", "--parallel", "--template-file", PROJECT / "template.yaml",
    ]  # fmt: skip
    build_run = ToolRun(command, "sam build", folder / "sam-build.log", shared, clean_environment(), limit=300)
    with locked(shared / "lock") as lock:
        run_tool(build_run, lock)
        shutil.copytree(shared / ".aws-sam" / "build", folder / "build", ignore=shutil.ignore_patterns(".package"))
    return built(folder)


def built(folder: Path) -> Path:
    """Return the path of the built template in a run folder."""
    return folder / "build" / "template.yaml"


def deploy(template: Path, name: str, endpoint_url: str, parameters: Mapping[str, str]) -> None:
    """Deploy a built template as the stack ``name`` on the emulator at ``endpoint_url``."""
    folder = template.parent.parent
    values = {"Architecture": lambda_architecture(), **parameters}
    command: list[str | Path] = [
        tool_path("sam", "sam"), "deploy", "--template-file", template, "--stack-name", name, "--resolve-s3",
        "--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset", "--no-fail-on-empty-changeset",
        "--no-progressbar", "--parameter-overrides", *(f"{key}={value}" for key, value in values.items()),
    ]  # fmt: skip
    environment = clean_environment(AWS_ENDPOINT_URL=endpoint_url)
    run_tool(ToolRun(command, "sam deploy", folder / "sam-deploy.log", folder, environment, limit=180))
