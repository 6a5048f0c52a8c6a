"""Where an upload cannot say what it has to say: no stack trace, and what has arrived is recorded."""

import os
import pty
import signal
import subprocess
from pathlib import Path

import pytest

from local.core.waiting import until
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

FILES = 12


def shell(simulator: Simulator, folder: Path, line: str) -> subprocess.CompletedProcess[str]:
    """Run a line of a shell in which ``autotag`` is the command."""
    command = f'autotag() {{ {AUTOTAG[0]} -c "{AUTOTAG[2]}" "$@"; }}\n{line}'
    return subprocess.run(
        ["/bin/bash", "-c", command], env=environment(simulator, folder), capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize(
    "redirection",
    [">/dev/full", "--json >/dev/full", "--json | true", ">&-", "2>/dev/full"],
)
def test_output_that_cannot_be_written_ends_in_a_sentence_and_loses_nothing(
    simulator: Simulator, tmp_path: Path, redirection: str
) -> None:
    library = UploadLibrary(tmp_path, simulator, FILES)
    options = " ".join([*ADDON, "--jobs 2"])
    done = shell(simulator, tmp_path, f"autotag upload {library.folder} {options} {redirection}")
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr
    if redirection in (">/dev/full", "--json >/dev/full"):
        assert done.returncode == 1 and "No space left on device" in done.stderr

    again = shell(simulator, tmp_path, f"autotag upload {library.folder} {options}")

    assert again.returncode == 0, again.stderr
    assert (len(stored_assets(simulator)), charged_units(simulator)) == (FILES, FILES)


def test_what_is_under_way_when_the_output_breaks_is_recorded(simulator: Simulator, tmp_path: Path) -> None:
    library = UploadLibrary(tmp_path, simulator, FILES)
    unreadable = tmp_path / "unreadable.jpg"
    unreadable.symlink_to("/proc/self/mem")
    add_fault(simulator, {"delay": 2.0})  # so that pictures are under way when the first file's failure is not printed
    line = f"autotag upload {unreadable} {library.folder} --jobs 4 --resume {library.journal} 2>/dev/full"
    assert shell(simulator, tmp_path, line).returncode == 1
    arrived = {asset["public_id"] for asset in stored_assets(simulator)}
    assert 1 < len(arrived) < FILES
    assert library.recorded() == arrived


def test_a_single_asset_whose_answer_cannot_be_written_ends_in_a_sentence(simulator: Simulator, tmp_path: Path) -> None:
    (tmp_path / "k.jpg").write_bytes(b"koala")
    lines = [
        f"autotag upload {tmp_path / 'k.jpg'} --public-id k >/dev/full", "autotag explicit k --tags a >/dev/full",
        "autotag update k --tags a --json | true", "autotag resource k >&-",
        "autotag tags add a --to k --json >/dev/full", "autotag upload - <&-",
    ]  # fmt: skip
    for line in lines:
        done = shell(simulator, tmp_path, line)
        assert "Traceback" not in done.stderr and "Exception" not in done.stderr
        assert ("No space left on device" in done.stderr) == ("full" in line)


def test_the_second_signal_gives_the_terminal_its_cursor_back(simulator: Simulator, tmp_path: Path) -> None:
    library = UploadLibrary(tmp_path, simulator, FILES)
    add_fault(simulator, {"delay": 20})
    controller, terminal = pty.openpty()
    process = subprocess.Popen(
        [*AUTOTAG, "upload", str(library.folder)],
        env={**environment(simulator, tmp_path), "TERM": "xterm"}, stdout=subprocess.DEVNULL, stderr=terminal,
    )  # fmt: skip
    os.close(terminal)
    shown = b""

    def shows(text: bytes) -> bool:
        nonlocal shown
        shown += os.read(controller, 4096)
        return text in shown

    until(lambda: shows(b"\x1b[?25l"), "a hidden cursor", within=20, every=0.01)
    until(lambda: shows(b"Uploading"), "a bar", within=20, every=0.01)
    process.send_signal(signal.SIGINT)
    until(lambda: shows(b"Stopping"), "the first signal", within=20, every=0.01)
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 130
    until(lambda: shows(b"\x1b[?25h"), "a cursor", within=20, every=0.01)
    os.close(controller)
