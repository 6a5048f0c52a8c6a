"""The real SAM CLI: it builds the template, and deploys it to the emulator."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from local.core.locking import locked
from local.core.paths import LOCAL, PROJECT, architecture, clean_environment, tool
from local.core.processes import run

_SHARED = LOCAL / "sam"
"""SAM's build folder and cache, shared by all runs."""


def build(folder: Path) -> Path:
    """Build the project's template and return the path of the result in ``folder``, where no other run changes it."""
    _SHARED.mkdir(parents=True, exist_ok=True)
    with locked(_SHARED / "lock") as lock:
        run(
            [
                tool("sam", "sam"), "build", "--cached", "--parallel",
                "--template-file", PROJECT / "template.yaml",
                "--parameter-overrides", f"Architecture={architecture()}",
            ],
            doing="sam build", log=folder / "sam-build.log", folder=_SHARED,
            environment=clean_environment(), limit=300, lock=lock,
        )  # fmt: skip
        shutil.copytree(_SHARED / ".aws-sam" / "build", folder / "build")
    return folder / "build" / "template.yaml"


def deploy(template: Path, name: str, endpoint_url: str, parameters: Mapping[str, str]) -> None:
    """Deploy a built template as the stack ``name`` on the emulator at ``endpoint_url``."""
    folder = template.parent.parent
    values = {"Architecture": architecture(), **parameters}
    run(
        [
            tool("sam", "sam"), "deploy", "--template-file", template, "--stack-name", name, "--resolve-s3",
            "--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset", "--no-fail-on-empty-changeset",
            "--no-progressbar", "--parameter-overrides", *(f"{key}={value}" for key, value in values.items()),
        ],
        doing="sam deploy", log=folder / "sam-deploy.log", folder=folder,
        environment=clean_environment(AWS_ENDPOINT_URL=endpoint_url), limit=180,
    )  # fmt: skip
