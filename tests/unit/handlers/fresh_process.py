"""Python code in a process of its own: what an import loads or changes shows only there."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SRC = Path(__file__).resolve().parents[3] / "src"


def run_fresh(code: str, environment: Mapping[str, str] = os.environ) -> Any:
    """Run ``code``, which prints one JSON document as its last line, and return that."""
    command = [sys.executable, "-c", code]
    variables = {**environment, "PYTHONPATH": str(SRC)}
    done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])
