"""Examples in a Markdown document: files in fenced blocks, then a console block with commands and what they print.

A ``toml`` block is the file ``rules.toml``, or the file that a first line such as ``# old.toml`` names; a ``csv`` block
is the file ``labels.csv``. The ``console``
blocks after it run in a folder with these files and the project's ``events``. A command begins with ``$ ``, and goes
on in the next line where it ends with a backslash; what follows up to the next one is what it prints, in 100 columns.
"""

import re
import shlex
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.unit.autotag_cli.run_command import EVENTS, PROJECT, autotag

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_COMMAND = re.compile(r"^\$ ((?:.*\\\n)*.*)\n?", re.MULTILINE)
_NAMED = re.compile(r"# ([\w-]+\.toml)\n")
WIDTH = 100
DOCUMENT = PROJECT / "docs" / "rules.md"
DOCUMENTS = (PROJECT / "README.md", PROJECT / "docs" / "tutorial.md", DOCUMENT)
"""Those whose console blocks show what their commands print."""


class Example(NamedTuple):
    """One console block; ``line`` is where it begins in the document, ``files`` are the rules that it sees."""

    line: int
    files: dict[str, str]
    lists: dict[str, str]
    commands: tuple[str, ...]
    span: tuple[int, int]
    text: str


def examples(document: str) -> Iterator[Example]:
    """Yield every console block of a document."""
    files: dict[str, str] = {}
    lists: dict[str, str] = {}
    used = False
    for fence in _FENCE.finditer(document):
        language, text = fence.groups()
        if language == "toml":
            named = _NAMED.match(text)
            files, lists = ({}, {}) if used else (dict(files), lists)
            files[named[1] if named else "rules.toml"] = text
            used = False
        elif language == "csv":
            files, lists, used = {}, {"labels.csv": text}, False
        elif language == "console":
            line = document.count("\n", 0, fence.start()) + 1
            commands = tuple(found[1] for found in _COMMAND.finditer(text))
            yield Example(line, files, lists, commands, fence.span(2), text)
            used = True


def run(example: Example) -> str:
    """Return the console block as it is printed now."""
    with TemporaryDirectory() as name, chdir(name):
        folder = Path(name)
        (folder / "events").symlink_to(EVENTS)
        for file, text in (example.files | example.lists).items():
            (folder / file).write_text(text, "utf-8")
        return "\n".join(_run(command) for command in example.commands)


def _run(command: str) -> str:
    program, *arguments = shlex.split(command.replace("\\\n", " "))
    assert program == "autotag", command
    printed = autotag(*arguments, env={"COLUMNS": str(WIDTH)}).output
    lines = [line.rstrip() for line in printed.splitlines()]
    return "\n".join([f"$ {command}", *lines, ""])


def regenerated(document: str) -> str:
    """Return the document with the output of every command as it is now."""
    parts, end = [], 0
    for example in examples(document):
        parts += [document[end : example.span[0]], run(example)]
        end = example.span[1]
    return "".join([*parts, document[end:]])
