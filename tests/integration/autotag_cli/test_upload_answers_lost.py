"""Lost answers over real connections, with the client's own repetitions: each file, and each asset, is charged once."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.integration.autotag_cli.upload_library import (
    ADDON,
    AUTOTAG,
    UploadLibrary,
    add_fault,
    charged_units,
    environment,
    stored_assets,
)
from tests.integration.simulator.simulator_client import Simulator

LOST: dict[str, dict[str, Any]] = {
    "dropped": {"drop": True, "effect": True},
    "502": {"status": 502, "body": "<html>bad gateway</html>", "effect": True},
    "503": {"status": 503, "headers": {"Retry-After": "1"}, "effect": True},
    "not arrived": {"drop": True},
    "429": {"status": 429},
}


def autotag(simulator: Simulator, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*AUTOTAG, *arguments], env=environment(simulator, folder), capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize("kind", LOST)
def test_an_edited_file_is_charged_once_though_the_answer_to_its_replacement_is_lost(
    simulator: Simulator, tmp_path: Path, kind: str
) -> None:
    library = UploadLibrary(tmp_path, simulator, 5)
    assert library.run()[0] == 0
    path = library.path("stage 3/picture-3")
    path.write_bytes(path.read_bytes() + b"retouched")
    add_fault(simulator, LOST[kind], every=2, count=1)  # the first call learns what is there, the second replaces it

    code, _, errors = library.run()

    assert (code, charged_units(simulator)) == (0, 6), errors
    assert simulator.control("GET", "/faults")["faults"][0]["struck"] == 1
    (asset,) = [asset for asset in stored_assets(simulator) if asset["public_id"] == "stage 3/picture-3"]
    assert asset["bytes"] == path.stat().st_size


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        ("explicit", "dropped"), ("explicit", "503"), ("update", "dropped"), ("update", "502"), ("upload", "dropped"),
        ("complete", "dropped"),
    ],
)  # fmt: skip
def test_a_single_asset_is_charged_once_though_the_answer_is_lost(
    simulator: Simulator, tmp_path: Path, command: str, kind: str
) -> None:
    path = tmp_path / "k.jpg"
    path.write_bytes(b"koala")
    assert autotag(simulator, tmp_path, "upload", str(path), "--public-id", "k", "--tags", "mine").returncode == 0
    what = [command, "k"]
    if command == "complete":
        what = ["upload", str(path), "--public-id", "k", "--no-overwrite", "--complete"]
    if command == "upload":
        path.write_bytes(b"koala, retouched")
        what = ["upload", str(path), "--public-id", "k"]
    struck = {"update": "*/resources/image/upload/k", "upload": "*/upload"}.get(command, "*/explicit")
    every = 2 if command == "upload" else 1
    simulator.control("POST", "/faults", {"match": {"path": struck, "every": every, "count": 1}, "fault": LOST[kind]})

    done = autotag(simulator, tmp_path, *what, *ADDON, "--auto-tagging", "0.5")

    assert (done.returncode, charged_units(simulator)) == (0, 1), done.stderr
    (asset,) = stored_assets(simulator)
    assert asset["info"]["categorization"]["aws_rek_tagging"]["status"] == "complete"
    assert "mine" in asset["tags"] and len(asset["tags"]) > 1
