"""Whatever the streams lead to, a command ends with a sentence or in silence, and the terminal is as before."""

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path
from threading import Timer

import pytest

from tests.unit.autotag_cli.run_command import PROJECT, rest_of

LABELS = [{"tag": f"T{n}", "confidence": 0.9} for n in range(50)]
ANSWER = {"asset_id": "a", "info": {"categorization": {"aws_rek_tagging": {"status": "complete", "data": LABELS}}}}
LINE = json.dumps(ANSWER) + "\n"


def shell(line: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of shell in which ``autotag`` is the command."""
    command = f'"{sys.executable}" -c "from autotag_cli.main import app; app()"'
    program = f'autotag() {{ {command} "$@"; }}; set -o pipefail; {line}'
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(PROJECT), *sys.path]), "NO_COLOR": "1"}
    bash = ["/bin/bash", "-c", program]
    return subprocess.run(bash, cwd=cwd, env=environment, capture_output=True, text=True, timeout=60)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "many.jsonl").write_text(LINE * 300)
    return tmp_path


COMMANDS = ["decide --json many.jsonl", "decide many.jsonl", "decide --label a=1", "rules schema", "--help"]


@pytest.mark.parametrize("command", [*COMMANDS, "--version"])
def test_a_full_device_as_output_is_one_sentence(command: str, folder: Path) -> None:
    done = shell(f"autotag {command} > /dev/full", folder)

    assert (done.returncode, done.stderr) == (1, "autotag: the output cannot be written (No space left on device)\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_pipe_that_is_closed_ends_it_in_silence(command: str, folder: Path) -> None:
    done = shell(f"autotag {command} | true", folder)

    assert (done.returncode, done.stderr) in ((141, ""), (0, ""))  # 0: all of it was in the pipe before


@pytest.mark.parametrize("command", ["decide --json many.jsonl", "decide --tables many.jsonl"])
def test_a_reader_that_has_enough_ends_it_as_the_signal_ends_other_programs(command: str, folder: Path) -> None:
    done = shell(f"autotag {command} | head -1", folder)

    assert (done.returncode, done.stderr) == (141, "") and len(done.stdout.splitlines()) == 1


WRONG = ["decide --no-such-option", "no-such-command", "decide none.json", "rules check none.toml"]


@pytest.mark.parametrize("command", [*COMMANDS, "--version", "rules example", "-h", *WRONG])
def test_without_any_reader_every_command_ends_so(command: str, folder: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-c", "from autotag_cli.main import app; app()", *command.split()],
            cwd=folder, env={**os.environ, "PYTHONPATH": os.pathsep.join([str(PROJECT), *sys.path])},
            stdout=writer, stderr=writer if command in WRONG else subprocess.PIPE, timeout=60, check=False,
        )  # fmt: skip
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr or b"") == (141, b"")


def test_closed_streams_lead_nowhere_and_nothing_else_is_written_to_instead(folder: Path) -> None:
    quiet = shell("autotag decide --json many.jsonl >&- 2> messages", folder)
    mute = shell("autotag decide --json many.jsonl 2>&- | wc -l", folder)
    empty = shell("autotag decide - <&-", folder)

    assert (quiet.returncode, (folder / "messages").read_text()) == (0, "300 inputs: 300 tagged.\n")
    assert (mute.returncode, mute.stdout.strip()) == (0, "300")
    assert (empty.returncode, empty.stderr[:52]) == (2, "autotag: stdin: line 1, column 1: expected JSON (Exp")


def test_a_full_device_for_messages_changes_no_result(folder: Path) -> None:
    done = shell("autotag decide --json many.jsonl none.json 2>/dev/full | wc -l", folder)

    assert "Traceback" not in done.stderr and done.returncode != 0


HEARING = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
for number in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)
from autotag_cli.main import app
app()
"""
"""The command, whatever signals the tests themselves were started without, as in the background."""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_the_cursor_comes_back_whatever_ends_a_command_that_shows_how_far_it_is(number: signal.Signals) -> None:
    managed_tags, user_tags = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", HEARING, "decide", "-"],
        cwd=PROJECT,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100", "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=user_tags, start_new_session=True,
    ) as process:  # fmt: skip
        os.close(user_tags)
        assert process.stdin is not None
        late = Timer(60, process.kill)
        late.start()
        process.stdin.write((LINE * 10).encode())
        process.stdin.flush()
        seen = b""
        while b"\x1b[?25l" not in seen:
            seen += os.read(managed_tags, 65536)
        process.send_signal(number)
        seen += rest_of(managed_tags)
        code = process.wait(60)
        late.cancel()

    assert seen.rindex(b"\x1b[?25h") > seen.rindex(b"\x1b[?25l")
    assert b"Traceback" not in seen and code == (130 if number == signal.SIGINT else 128 + number)
