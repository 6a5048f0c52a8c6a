"""Paths in the project folder, and the environment of the tools that run there."""

import os
import platform
import sys
from pathlib import Path
from typing import Final

from local.core.credentials import AWS_ENVIRONMENT
from local.core.errors import LocalError

PROJECT: Final = Path(__file__).resolve().parents[2]
LOCAL: Final = PROJECT / ".local"
UP: Final = LOCAL / "up"
"""The run folder of ``make up``; its ``stack.json`` says where everything is."""
RUNS: Final = LOCAL / "runs"
"""The run folders of demos and tests."""


def tool_path(environment: str, name: str) -> Path:
    """Return the command ``name`` of ``.tools/<environment>``. Raises ``LocalError`` if it is not there."""
    path = PROJECT / ".tools" / environment / "bin" / name
    if not path.exists():
        raise LocalError(f"{path.relative_to(PROJECT)} is not installed: run `make install`.")
    return path


def lambda_architecture(machine: str = platform.machine()) -> str:
    """Return Lambda's name of the processor ``machine`` (default: this machine's): ``arm64`` or ``x86_64``."""
    return "arm64" if machine.lower() in {"arm64", "aarch64"} else "x86_64"


def clean_environment(**more: str) -> dict[str, str]:
    """Return the process environment without the user's AWS settings, with ``python3.13`` first on PATH.

    A profile, a region or a proxy of the user must not direct a local run to anything but loopback.
    """
    dropped = ("AWS_", "SAM_", "PYTHON")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return {
        **kept,
        **AWS_ENVIRONMENT,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
        "SAM_CLI_TELEMETRY": "0",
        "SAM_CLI_POLL_DELAY": "0.2",
        **more,
    }
