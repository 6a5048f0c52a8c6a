"""The lines that a page or a section of it asks its reader to type."""

import re
import subprocess
from collections.abc import Iterator, Sequence
from textwrap import dedent
from typing import NamedTuple

from markdown_it import MarkdownIt

from local.core.paths import PROJECT

_FENCE = re.compile(r"^( *)```(bash|console|toml)\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
_COMMAND = re.compile(r"^\$ (.*)$", re.MULTILINE)
_MARKDOWN = MarkdownIt("commonmark").enable("table")


class Step(NamedTuple):
    """A line to type, or with ``saved`` the text of a file to save."""

    text: str
    saved: str = ""


def section(page: str, heading: str) -> str:
    """Return the text of a page under a heading of the second level."""
    text = (PROJECT / page).read_text("utf-8")
    _, found, rest = text.partition(f"\n## {heading}\n")
    assert found, f"{page} has no section {heading!r}"
    return rest.partition("\n## ")[0]


def inline_commands(text: str, beginnings: tuple[str, ...]) -> list[str]:
    """Return the code within sentences and tables of a text that starts with one of ``beginnings``."""
    pieces = (child for token in _MARKDOWN.parse(text) for child in token.children or ())
    return [each.content for each in pieces if each.type == "code_inline" and each.content.startswith(beginnings)]


def _whole_commands(lines: Sequence[str]) -> Iterator[str]:
    """Join the lines of a command that goes on, such as a loop: bash says where one is complete."""
    begun = list[str]()
    for line in lines:
        begun.append(line)
        command = "\n".join(begun)
        if subprocess.run(["bash", "-n"], input=command, text=True, capture_output=True, check=False).returncode == 0:  # noqa: S607
            yield command
            begun.clear()
    assert not begun, f"an incomplete command: {begun}"


def steps(text: str) -> list[Step]:
    """Return what a text asks its reader to type and to save, in order; a toml block is the file rules.toml."""
    found = list[Step]()
    for _, kind, indented in _FENCE.findall(text):
        block = dedent(indented)
        if kind == "toml":
            found.append(Step(block, saved="rules.toml"))
        else:
            lines = block.splitlines() if kind == "bash" else _COMMAND.findall(block)
            found += [Step(line) for line in _whole_commands(lines)]
    return found


def tasks() -> dict[str, list[str]]:
    """Return the lines of ``autotag`` in README's tables of tasks, by their group."""
    _, *groups = section("README.md", "Tasks").split("\n### ")
    rows = {group.partition("\n")[0]: re.findall(r"^\|.*$", group, re.MULTILINE) for group in groups}
    return {
        title: [line for row in found for line in re.findall(r"`(autotag [^`]+)`", row)]
        for title, found in rows.items()
    }
