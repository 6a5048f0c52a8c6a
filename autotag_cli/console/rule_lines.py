"""The line of a rule in the text of rules, from its key path as audits have it."""

import re
import tomllib
from functools import lru_cache

from autotag.domain.rules.validation.problems import KeyPath
from autotag_cli.input.rules_positions import Positions

_STEP = re.compile(r"""(?P<name>[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*")|\[(?P<index>[1-9][0-9]{0,5})\]""")


@lru_cache(maxsize=4)
def _positions(text: str) -> Positions:
    return Positions(text)


def line_of(text: str, path: str) -> int | None:
    """Return the line (from 1) of ``path``, such as ``labels."Electric Guitar".threshold`` or ``when[2].set.review``.

    A key that the text leaves out is at the table that would hold it. None if ``path`` is no key path, or begins with
    a table that is not there.
    """
    steps = _steps(path)
    if not steps:
        return None
    positions = _positions(text)
    known = frozenset(positions)
    return positions[steps].line if steps[:1] in known else None


def _steps(path: str) -> KeyPath:
    """Return the steps of a key path, () if it is none. Indexes of the text count from 1, those of steps from 0."""
    steps: list[str | int] = []
    at = 0
    while at < len(path):
        if steps and path[at] == ".":
            at += 1
        elif steps and path[at] != "[":
            return ()
        found = _STEP.match(path, at)
        if found is None:
            return ()
        name, index = found["name"], found["index"]
        steps.append(int(index) - 1 if index else tomllib.loads(f"x = {name}")["x"] if name[0] == '"' else name)
        at = found.end()
    return tuple(steps)
