"""Calls of the ``autotag`` command, as an operator makes them: read and replay audits, push rules."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from local.core.errors import LocalError
from local.core.paths import PROJECT
from local.core.waiting import until
from local.stack.stack import Stack


def list_audits(stack: Stack, public_id: str) -> list[dict[str, Any]]:
    """Return what ``autotag audits PUBLIC_ID --json`` prints; an empty list while the asset is unknown."""
    completed = run_autotag(stack, "audits", public_id, "--json")
    if completed.returncode == 1:
        return []
    if completed.returncode:
        raise LocalError(f"autotag audits failed with exit code {completed.returncode}: {completed.stderr.strip()}")
    audits: list[dict[str, Any]] = json.loads(completed.stdout)
    return audits


def wait_for_audit(stack: Stack, public_id: str, outcome: str, *, within: float) -> None:
    """Wait until an asset has an audit with ``outcome``.

    Raises ``LocalError`` with the command's last error output if that takes more than ``within`` seconds.
    """

    def audited() -> bool:
        return any(audit["outcome"] == outcome for audit in list_audits(stack, public_id))

    try:
        until(audited, f"an audit of {public_id} that says {outcome}", within=within, every=0.5)
    except LocalError as timeout:
        error_output = run_autotag(stack, "audits", public_id, "--json").stderr.strip()
        raise LocalError(f"{timeout} {error_output}".strip()) from timeout


def replay_difference(stack: Stack, audit_id: str) -> str:
    """Decide an audit again with ``autotag replay``. Return its output if the result is not identical, else ""."""
    completed = run_autotag(stack, "replay", audit_id)
    return f"{completed.stdout}{completed.stderr}".strip() if completed.returncode else ""


def push_rules(stack: Stack, path: Path) -> None:
    """Publish the rules in a file with ``autotag rules push``. Raises ``LocalError`` with its error output."""
    completed = run_autotag(stack, "rules", "push", path)
    if completed.returncode:
        raise LocalError(f"autotag rules push failed with exit code {completed.returncode}: {completed.stderr.strip()}")


def run_autotag(stack: Stack, *arguments: str | Path, within: float = 60.0) -> subprocess.CompletedProcess[str]:
    """Run the ``autotag`` command on a stack, for ``within`` seconds at most."""
    return subprocess.run(
        _command(stack, arguments),
        cwd=PROJECT, env=stack.environment(), capture_output=True, text=True, timeout=within, check=False,
    )  # fmt: skip


def start_autotag(stack: Stack, *arguments: str, output: int) -> subprocess.Popen[str]:
    """Start the ``autotag`` command on a stack; stdout and stderr go to ``output``."""
    return subprocess.Popen(
        _command(stack, arguments), cwd=PROJECT, env=stack.environment(), stdout=output, stderr=output, text=True
    )


def _command(stack: Stack, arguments: Sequence[str | Path]) -> list[str | Path]:
    return [Path(sys.executable).parent / "autotag", *arguments, "--stack", stack.stack]
