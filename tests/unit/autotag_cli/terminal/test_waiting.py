"""What a command says while nothing moves."""

import io
import threading
from contextlib import redirect_stderr

from autotag_cli.terminal.progress import progress_bar
from autotag_cli.terminal.waiting import StallWatch, waiting_for

LONG = 30.0
"""Seconds, as the most that a test waits for a condition."""


class Said:
    """What was said, and an event for each new sentence."""

    def __init__(self) -> None:
        self.sentences: list[str] = []
        self.heard = threading.Event()

    def __call__(self, sentence: str) -> None:
        self.sentences.append(sentence)
        self.heard.set()


def test_a_long_wait_says_what_for() -> None:
    said = Said()

    with waiting_for("an answer from the stack prod", after=0.001, say=said):
        assert said.heard.wait(LONG)

    assert said.sentences == ["Waiting for an answer from the stack prod …"]


def test_a_short_wait_says_nothing() -> None:
    said, before = Said(), threading.active_count()

    with waiting_for("an answer", after=LONG, say=said):
        pass

    assert said.sentences == [] and threading.active_count() <= before + 1


def test_each_pause_is_reported_once_with_what_is_done() -> None:
    said = Said()
    watch = StallWatch(lambda counted: f"{counted} so far", said, after=0.001)
    assert said.heard.wait(LONG)
    said.heard.clear()
    watch.advance(7)
    assert said.heard.wait(LONG)
    watch.end()

    assert said.sentences == ["0 so far", "7 so far"]


class Stderr(io.StringIO):
    """Stderr, and an event for each line that was written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.heard = threading.Event()

    def write(self, text: str) -> int:
        written = super().write(text)
        if text.endswith("\n"):
            self.heard.set()
        return written


def test_work_without_progress_says_what_it_waits_for() -> None:
    with redirect_stderr(Stderr()) as stderr, progress_bar("Comparing", None, "assets", patience=0.001) as bar:
        assert stderr.heard.wait(LONG)
        stderr.heard.clear()
        bar.advance(1, 1200)
        assert stderr.heard.wait(LONG)

    assert stderr.getvalue().splitlines() == [
        f"Comparing: no progress for 0.001 seconds, waiting for the stack's answer; {counted} assets so far."
        for counted in ("0", "1,200")
    ]
