"""``cld sync`` of Cloudinary's own command between a folder of files and the local Cloudinary."""

import os
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.integration.sdk.sdk_configuration import cloudinary_url
from tests.integration.simulator.simulator_client import KEY, SECRET, Simulator
from tests.official.run import ROOT
from tests.official.support import pictures

FOLDER = "shop"
FILES = {
    "front.png": pictures.png(40, 30, 1),
    "rooms/kitchen.jpg": pictures.jpeg(64, 48, 2),
    "rooms/small hall.png": pictures.png(20, 30, 3),
}
ADDED = {"prices.csv": b"article,price\nlamp,40\n"}


def write(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder by path, without the file in which the command keeps names."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".cld-sync"
    }


class Command:
    """``cld sync`` against a local Cloudinary, with a configuration folder of its own."""

    def __init__(self, simulator: Simulator, home: Path) -> None:
        self._simulator, self._home = simulator, home

    def sync(self, direction: str, folder: Path, *options: str, host: str = "") -> None:
        """Synchronize. ``host`` is the delivery host of downloads."""
        url = cloudinary_url(self._simulator.url, KEY, SECRET) + (f"&cname={host}" if host else "")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("CLOUDINARY")}
        command = [
            str(ROOT / ".tools" / "official" / "bin" / "cld"),
            "sync",
            direction,
            "-F",
            *options,
            str(folder),
            FOLDER,
        ]
        environment = {**inherited, "HOME": str(self._home), "CLOUDINARY_URL": url}
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        assert "Done!" in ended.stdout + ended.stderr, ended.stdout + ended.stderr

    def push(self, folder: Path, *options: str) -> int:
        """Push, and return how many files were sent."""
        before = self._sent()
        self.sync("--push", folder, *options)
        return self._sent() - before

    def _sent(self) -> int:
        return sum(call["path"].endswith("/upload") for call in self._simulator.calls())


@pytest.fixture(params=["dynamic", "fixed"])
def folder_mode(request: pytest.FixtureRequest, simulator: Simulator) -> str:
    simulator.settings(folder_mode=request.param)
    mode: str = request.param
    return mode


@pytest.fixture
def command(simulator: Simulator, tmp_path: Path) -> Command:
    home = tmp_path / "home"
    home.mkdir()
    return Command(simulator, home)


def assets(simulator: Simulator) -> list[dict[str, Any]]:
    """Return all stored assets as the Admin API lists them."""
    found: list[dict[str, Any]] = []
    for kind in ("image", "raw", "video"):
        found += simulator.api("GET", f"/resources/{kind}").json()["resources"]
    return found


def versions(simulator: Simulator) -> dict[str, int]:
    return {asset["asset_id"]: asset["version"] for asset in assets(simulator)}


@pytest.mark.usefixtures("folder_mode")
def test_a_push_sends_each_file_once(simulator: Simulator, command: Command, tmp_path: Path) -> None:
    folder = write(tmp_path / "files", FILES)
    assert command.push(folder) == len(FILES)
    first = versions(simulator)
    assert command.push(folder) == 0
    assert versions(simulator) == first

    write(folder, ADDED)
    assert command.push(folder) == 1
    with_csv = versions(simulator)
    assert len(with_csv) == len(FILES) + 1
    assert with_csv.items() >= first.items()
    assert command.push(folder) == 0
    assert versions(simulator) == with_csv


@pytest.mark.usefixtures("folder_mode")
def test_a_push_pays_for_each_image_once(simulator: Simulator, command: Command, tmp_path: Path) -> None:
    folder = write(tmp_path / "files", {**FILES, **ADDED})
    categorize = ("-o", "categorization", "aws_rek_tagging")
    assert command.push(folder, *categorize) == len(FILES) + 1
    assert command.push(folder, *categorize) == 0
    assert simulator.api("GET", "/usage").json()["aws_rek_tagging"]["usage"] == len(FILES)


def test_a_pull_brings_the_files_back_byte_for_byte(
    simulator: Simulator, command: Command, tmp_path: Path, folder_mode: str
) -> None:
    command.push(write(tmp_path / "files", {**FILES, **ADDED}))
    hosts = {urlsplit(asset["secure_url"]).netloc for asset in assets(simulator)}
    assert hosts == {urlsplit(simulator.url).netloc}, "delivery URLs must lead to the local Cloudinary"
    (host,) = hosts
    command.sync("--pull", tmp_path / "back", host=host)
    # names made of a file's name have no spaces (Upload API reference, `use_filename`), which fixed folders rely on
    spaced = {**FILES, **ADDED}
    expected = (
        {name.replace(" ", "_"): content for name, content in spaced.items()} if folder_mode == "fixed" else spaced
    )
    assert contents(tmp_path / "back") == expected
