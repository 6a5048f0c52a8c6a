"""A fresh clone with accounts of its own, in which the README's deployment was typed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.typed.documented import Step, section, steps
from tests.e2e.typed.fresh_clone import Accounts, accounts, clone, point_at
from tests.e2e.typed.terminal import Terminal, Typed

ANNOUNCED = {"asks once": 1, "asks twice": 2}
"""How a documented line says how many questions it asks; a line that says nothing asks none."""
YES = {r"\[y/[Nn]\](?: \(n\))?: ": "y"}
_PLACEHOLDER = "cloudinary://API_KEY:API_SECRET@CLOUD_NAME"


@dataclass(frozen=True)
class NewUser:
    """A reader at a terminal in a fresh clone, who types what the pages say."""

    terminal: Terminal
    accounts: Accounts

    def follow(self, step: Step) -> Typed | None:
        """Save the file or type the line of a step; it must succeed, and ask just what it announces."""
        if step.saved:
            (self.terminal.folder / step.saved).write_text(step.text, "utf-8")
            return None
        line = step.text.replace(_PLACEHOLDER, self.accounts.cloudinary_url)
        if "seconds later" in line:
            typed = self.terminal.type_until(line, lambda found: found.code == 0 and _is_awaited(line, found))
        else:
            typed = self.terminal.type(line, YES)
        asked = sum(count for words, count in ANNOUNCED.items() if words in line)
        assert (typed.code, len(typed.questions)) == (0, asked), typed.printed
        return typed


def _is_awaited(line: str, found: Typed) -> bool:
    awaited = r"A person .* in Cloudinary" if "a person" in line else r"autotag added"
    return bool(re.search(awaited, " ".join(found.printed.split())))


@pytest.fixture(scope="session")
def fresh_clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clone(tmp_path_factory.mktemp("clone"))


@contextmanager
def deployed(fresh_clone: Path) -> Iterator[NewUser]:
    """Give empty accounts to a reader who types the README's section on deployment, line by line."""
    with accounts() as found:
        point_at(fresh_clone, found)
        with Terminal(fresh_clone, found.environment()) as terminal:
            user = NewUser(terminal, found)
            for step in steps(section("README.md", "Deploy to AWS")):
                user.follow(step)
            yield user


@pytest.fixture(scope="module")
def new_user(fresh_clone: Path) -> Iterator[NewUser]:
    """A reader whose stack belongs to the module."""
    with deployed(fresh_clone) as user:
        yield user
