"""The lines that a section of a page asks its reader to type."""

import re
from typing import NamedTuple

from local.core.paths import PROJECT

_FENCE = re.compile(r"^```(bash|console|toml)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_COMMAND = re.compile(r"^\$ (.*)$", re.MULTILINE)


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


def steps(text: str) -> list[Step]:
    """Return what a text asks its reader to type and to save, in order; a toml block is the file rules.toml."""
    found = list[Step]()
    for kind, block in _FENCE.findall(text):
        if kind == "toml":
            found.append(Step(block, saved="rules.toml"))
        else:
            found += [Step(line) for line in (block.splitlines() if kind == "bash" else _COMMAND.findall(block))]
    return found


def tasks() -> dict[str, list[str]]:
    """Return the lines of ``autotag`` in README's tables of tasks, by their group."""
    _, *groups = section("README.md", "Tasks").split("\n### ")
    rows = {group.partition("\n")[0]: re.findall(r"^\|.*$", group, re.MULTILINE) for group in groups}
    return {
        title: [line for row in found for line in re.findall(r"`(autotag [^`]+)`", row)]
        for title, found in rows.items()
    }
