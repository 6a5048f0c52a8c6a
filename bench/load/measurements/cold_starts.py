"""The cold start of the package that ``sam build`` makes: no byte code is written beside it, as on Lambda."""

import os
import platform
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench.cold_start import ENVIRONMENT, make_environment
from bench.load.rows import Row, at_most
from bench.load.setting import Setting

_ROOT = Path(__file__).resolve().parents[3]
_TIMED = "import time; import handlers.{name}; print(time.process_time())"


class ColdStarts(NamedTuple):
    """Milliseconds of processor time of a fresh process until its clients are there, less those of a bare Python."""

    webhook: float
    worker: float


def cold_starts(template: Path, runs: int) -> ColdStarts:
    """Build the package of a template, and start each function ``runs`` times. Raises ``RuntimeError`` with its log."""
    with TemporaryDirectory() as folder:
        package = _build(template, Path(folder))
        python = make_environment()
        times: dict[str, list[float]] = {"webhook": [], "worker": [], "": []}
        for number in range(runs + 1):
            for name, taken in times.items():
                took = _start(python, package, name)
                taken += [took] if number else []  # the first one fills the caches of the disk
        bare = statistics.median(times.pop(""))
        return ColdStarts(**{name: statistics.median(taken) - bare for name, taken in times.items()})


def _build(template: Path, folder: Path) -> Path:
    architecture = "arm64" if platform.machine() in ("aarch64", "arm64") else "x86_64"
    project = folder / "project"
    shutil.copytree(template.parent / "src", project / "src", ignore=shutil.ignore_patterns("__pycache__"))
    copy = shutil.copy(template, project)
    command = [
        str(_ROOT / ".tools" / "sam" / "bin" / "sam"), "build", "--template-file", copy,
        "--build-dir", str(folder / "build"), "--parameter-overrides", f"Architecture={architecture}",
    ]  # fmt: skip
    environment = {**os.environ, "SAM_CLI_TELEMETRY": "0", "AWS_DEFAULT_REGION": "us-east-1"}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # of the runtime's version
    environment.pop("PYTHONPATH", None)
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"sam build ended with {done.returncode}: {done.stderr[-500:]}")
    return folder / "build" / "WebhookFunction"  # one package for all functions


def _start(python: Path, package: Path, name: str) -> float:
    code = _TIMED.format(name=name) if name else "import time; print(time.process_time())"
    environment = {**ENVIRONMENT, "PYTHONPATH": str(package), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([str(python), "-c", code], env=environment, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1]) * 1000


def rows(setting: Setting) -> list[Row]:
    """Measure cold starts of the package as built."""
    measured = cold_starts(setting.template.path, setting.size(9, 3))
    return [
        at_most("cold start as built, webhook: processor time", measured.webhook, 280, "measured", "ms"),
        at_most("cold start as built, worker: processor time", measured.worker, 420, "measured", "ms"),
    ]
