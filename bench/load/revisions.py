"""The code of a revision in a folder, and measurements of it in processes of their own."""

import io
import os
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from bench.load.processor_time import ProcessorTime
from bench.load.rows import Row

ROOT = Path(__file__).resolve().parents[2]
_PARTS = ("src", "template.yaml", "samconfig.toml")


class Failed(Exception):
    """A measurement that ended with an error, whose last line this is."""


def extract(revision: str, folder: Path) -> None:
    """Write what a revision deploys to ``folder``. Raises ``Failed`` if there is no such revision."""
    command = ["git", "-C", str(ROOT), "archive", "--end-of-options", revision, *_PARTS]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        raise Failed(done.stderr.decode().strip())
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")


def commit_of(revision: str) -> str:
    """Return the short name of the commit of a revision."""
    command = ["git", "-C", str(ROOT), "rev-parse", "--short", "--verify", "--quiet", f"{revision}^{{commit}}"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def measured(name: str, tree: Path, processor: ProcessorTime, *, quick: bool) -> list[Row]:
    """Return the rows of a measurement of the code in ``tree``. Raises ``Failed``."""
    with TemporaryDirectory() as folder:
        result = Path(folder, "rows")
        options: Sequence[str] = ["--quick"] if quick else []
        charged = msgspec.json.encode(processor).decode()
        done = subprocess.run(
            [sys.executable, "-m", "bench.load.child", name, str(tree), charged, str(result), *options],
            cwd=folder, env=_environment(tree), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            lines = done.stderr.strip().splitlines()
            raise Failed(lines[-1] if lines else f"ended with {done.returncode}")
        return msgspec.json.decode(result.read_bytes(), type=list[Row])


def _environment(tree: Path) -> dict[str, str]:
    """Return the environment in which ``autotag`` and ``handlers`` are those of ``tree``, and ``bench`` this one."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "POWERTOOLS_"))}
    return {**kept, "PYTHONPATH": os.pathsep.join((str(tree / "src"), str(ROOT)))}
