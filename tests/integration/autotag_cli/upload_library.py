"""A folder of pictures and the command that uploads it to the simulator, for tests that fail and kill it."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec

from tests.integration.simulator.simulator_client import KEY, ROOT, SECRET, Simulator

AUTOTAG = (sys.executable, "-c", "from autotag_cli.main import app; app()")
ADDON = ("--categorization", "aws_rek_tagging")


def environment(simulator: Simulator, folder: Path) -> dict[str, str]:
    """Return the environment of a command on the simulator that keeps its files in ``folder``."""
    url = f"cloudinary://{KEY}:{SECRET}@demo?upload_prefix={simulator.url}"
    paths = {"PYTHONPATH": f"{ROOT}:{ROOT / 'src'}", "XDG_STATE_HOME": str(folder / "state")}
    return {**os.environ, "CLOUDINARY_URL": url, **paths}


class UploadLibrary:
    """A folder of pictures, and the command that uploads it with eight jobs, the add-on and the record ``journal``.

    ``options`` are further options of the command.
    """

    def __init__(self, folder: Path, simulator: Simulator, files: int, *options: str) -> None:
        self.folder, self.journal, self.files = folder / "library", folder / "journal.jsonl", files
        self.public_ids = {f"stage {number % 10}/picture-{number}" for number in range(files)}
        for public_id in self.public_ids:
            self.path(public_id).parent.mkdir(parents=True, exist_ok=True)
            self.path(public_id).write_bytes(public_id.encode())
        self._environment = environment(simulator, folder)
        record = ("--resume", str(self.journal))
        self._command = [*AUTOTAG, "upload", str(self.folder), *ADDON, "--jobs", "8", *record, *options]

    def path(self, public_id: str) -> Path:
        """Return the file that becomes this asset."""
        return self.folder / f"{public_id}.jpg"

    def start(self) -> subprocess.Popen[str]:
        """Begin to upload."""
        return subprocess.Popen(
            self._command, env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def run(self) -> tuple[int, str, str]:
        """Upload to the end; return the exit code, the output and the error output."""
        process = self.start()
        output, errors = process.communicate(timeout=60)
        return process.returncode, output, errors

    def recorded(self) -> set[str]:
        """Return the public_ids of the files that whole lines record."""
        _purpose, *lines = self.journal.read_bytes().rpartition(b"\n")[0].splitlines()
        return {entry["public_id"] for entry in map(msgspec.json.decode, lines) if "public_id" in entry}


def stored_assets(simulator: Simulator) -> list[dict[str, Any]]:
    """Return all stored assets."""
    assets: list[dict[str, Any]] = simulator.control("GET", "/assets")["assets"]
    return assets


def uploads_by_public_id(simulator: Simulator, after: int = 0) -> Counter[str]:
    """Return how often each public_id was sent, from the ``after``-th upload call on."""
    return Counter(call["params"]["public_id"] for call in simulator.calls(path="*/upload")[after:])


def add_fault(simulator: Simulator, fault: dict[str, Any], **match: Any) -> None:
    """Inject a fault into uploads."""
    simulator.control("POST", "/faults", {"match": {"path": "*/upload", **match}, "fault": fault})


def add_ten_percent_faults(simulator: Simulator) -> None:
    """Let one upload in ten fail, in each of four ways."""
    for fault in ({"status": 503}, {"status": 420}, {"drop": True}, {"drop": True, "effect": True}):
        add_fault(simulator, fault, every=40)


def charged_units(simulator: Simulator) -> int:
    """Return how many categorizations the account was charged."""
    return int(simulator.api("GET", "/usage").json()["aws_rek_tagging"]["usage"])
