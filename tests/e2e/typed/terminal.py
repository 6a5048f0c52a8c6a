"""A terminal in which a test types lines as a person does: into bash, with answers to the questions that it expects."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple, Self

import pexpect

from local.core.waiting import until

_READY = r"\[ready (\d+)\] "
_COLUMNS = 160
_CLEAR_LINE = "\x15"
_CTRL_C = "\x03"
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\r")


class Typed(NamedTuple):
    """What a line printed, how it ended, and the questions that were answered while it ran, in order."""

    line: str
    printed: str
    code: int
    questions: tuple[str, ...]

    @property
    def output(self) -> str:
        """What it printed, without the echo of what was typed."""
        return "".join(self.printed.splitlines(keepends=True)[len(self.line.splitlines()) :])


class Terminal:
    """An interactive bash in a folder, with just ``environment``; ``transcript`` is everything that was typed."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.transcript: list[Typed] = []
        shown = {**environment, "PS1": "[ready $?] ", "TERM": "dumb", "INPUTRC": "/dev/null"}
        self._bash: pexpect.spawn[str] = pexpect.spawn(
            "/bin/bash", ["--norc", "--noprofile"],
            cwd=str(folder), env=shown, encoding="utf-8", dimensions=(50, _COLUMNS),
        )  # fmt: skip
        self._bash.expect(_READY, timeout=20)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._bash.close(force=True)

    def type(self, line: str, answers: Mapping[str, str] | None = None, *, within: float = 900.0) -> Typed:
        """Type a line, answer each question that matches a pattern of ``answers``, and return what came of it.

        Raises ``pexpect.TIMEOUT`` with what was printed last if nothing expected appears ``within`` seconds: so a
        question without an answer fails.
        """
        replies = dict(answers or {})
        patterns = list(replies)
        self._bash.sendline(line)
        printed, questions = "", list[str]()
        while index := self._bash.expect([_READY, *patterns], timeout=within):
            printed += f"{self._bash.before}{self._bash.after}"
            questions.append(_ESCAPES.sub("", printed).rpartition("\n")[2].strip())
            self._bash.sendline(replies[patterns[index - 1]])
        ended = self._bash.match
        assert isinstance(ended, re.Match)
        printed += str(self._bash.before)
        typed = Typed(line, _ESCAPES.sub("", printed), int(ended[1]), tuple(questions))
        self.transcript.append(typed)
        return typed

    def press_until_it_ends(self, line: str, key: str, shown: str = "", *, within: float = 60.0) -> Typed:
        """Type a line, and press ``key`` until it ends, once it has ``shown`` something.

        What is pressed before a program reads keys is discarded, but for Ctrl-C, which is pressed once: pressed again
        it would break off an orderly end.
        """
        self._bash.sendline(line)
        self._bash.expect(shown, timeout=within)

        def ended() -> bool:
            self._bash.send(key)
            return self._bash.expect([_READY, pexpect.TIMEOUT], timeout=within if key == _CTRL_C else 1) == 0

        until(ended, f"the end of {line!r}", within=within, every=0.0)
        match = self._bash.match
        assert isinstance(match, re.Match)
        typed = Typed(line, _ESCAPES.sub("", str(self._bash.before)), int(match[1]), ())
        self._read_all_keys()
        return typed

    def _read_all_keys(self) -> None:
        """Wait until the shell has read all keys: Ctrl-C after the end of a program makes it show one more prompt."""
        self._bash.send(_CLEAR_LINE)
        self._bash.sendline('echo "keys read: $((6 * 7))"')
        self._bash.expect(rf"keys read: 42\s+{_READY}", timeout=20)

    def type_until(self, line: str, is_there: Callable[[Typed], bool], *, within: float = 60.0) -> Typed:
        """Type a line again and again, as a person who waits for a result, until ``is_there``."""

        def again() -> Typed | None:
            typed = self.type(line)
            return typed if is_there(typed) else None

        return until(again, f"what is awaited of {line!r}", within=within, every=1.0)
