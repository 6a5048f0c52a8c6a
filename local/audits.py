"""An asset's audits, as an operator reads them: with the ``autotag`` command."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from local.errors import LocalError
from local.places import PROJECT
from local.stack import Stack
from local.waiting import until


def audits(stack: Stack, public_id: str) -> list[dict[str, Any]]:
    """Return what ``autotag audits PUBLIC_ID --json`` prints; nothing while it knows no such asset."""
    answer = _autotag(stack, public_id)
    if answer.returncode == 1:
        return []
    if answer.returncode:
        raise LocalError(f"autotag audits failed with exit code {answer.returncode}: {answer.stderr.strip()}")
    records: list[dict[str, Any]] = json.loads(answer.stdout)
    return records


def audited(stack: Stack, public_id: str, outcome: str, *, within: float) -> None:
    """Wait until an asset has an audit with ``outcome``.

    Raises ``LocalError`` with the command's last complaint if that takes more than ``within`` seconds.
    """

    def there() -> bool:
        return any(audit["outcome"] == outcome for audit in audits(stack, public_id))

    try:
        until(there, f"an audit of {public_id} that says {outcome}", within=within, every=0.5)
    except LocalError as late:
        raise LocalError(f"{late} {_autotag(stack, public_id).stderr.strip()}".strip()) from late


def _autotag(stack: Stack, public_id: str) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).parent / "autotag"
    return subprocess.run(
        [command, "audits", public_id, "--json", "--stack", stack.stack],
        cwd=PROJECT, env=stack.environment(), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
