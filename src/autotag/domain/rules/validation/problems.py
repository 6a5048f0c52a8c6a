"""Errors and warnings of a rules file, as values: the place, what was found there, and what was expected."""

import json
import re
from collections.abc import Collection
from typing import Literal, NamedTuple

from msgspec import Struct

from autotag.domain.errors import Invalid

Steps = tuple[str | int, ...]
"""The path to a place in the document: keys, and indexes from 0."""

MAX_ERRORS = 200
"""Maximum number of errors in one report; a file with more of them is probably not a rules file."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")


class Place(NamedTuple):
    """A place in the document. ``text`` is its key path for people, with indexes from 1."""

    steps: Steps = ()
    text: str = ""

    def key(self, name: str) -> "Place":
        """Return the place of a key of the schema, or of an unknown key."""
        return self._below(name, name if _BARE.fullmatch(name) else quoted(name))

    def entry(self, name: str) -> "Place":
        """Return the place of an entry with a free name, such as a label: always quoted, as in audits."""
        return self._below(name, quoted(name))

    def item(self, index: int) -> "Place":
        """Return the place of an item of a list; ``index`` counts from 0."""
        return Place((*self.steps, index), f"{self.text}[{index + 1}]")

    def _below(self, step: str, text: str) -> "Place":
        return Place((*self.steps, step), f"{self.text}.{text}" if self.text else text)


ROOT = Place()


class Diagnostic(Struct, frozen=True):
    """One error or warning of a rules file. ``line`` and ``column`` count from 1; only invalid TOML has them."""

    steps: Steps
    where: str
    found: str
    expected: str
    suggestion: str = ""
    severity: Literal["error", "warning"] = "error"
    involves: tuple[Steps, ...] = ()
    line: int | None = None
    column: int | None = None

    @property
    def sentence(self) -> str:
        """The whole message without the line number, and without a period at the end."""
        where = f"{self.where}: " if self.where else ""
        suggestion = f"; did you mean {self.suggestion}?" if self.suggestion else ""
        return f"{where}found {self.found}, expected {self.expected}{suggestion}"


class InvalidRules(Invalid):
    """Rules that cannot be used; ``errors`` holds every error in them."""

    def __init__(self, source: str, errors: Collection[Diagnostic]) -> None:
        lines = (f"line {each.line}: " if each.line else "" for each in errors)
        sentences = [line + each.sentence for line, each in zip(lines, errors, strict=True)]
        super().__init__(source, ". ".join(sentences))
        self.errors = tuple(errors)


def error(place: Place, found: str, expected: str, *others: Place, suggestion: str = "") -> Diagnostic:
    """Return an error, which makes rules unusable; ``others`` are further places that it depends on."""
    return Diagnostic(place.steps, place.text, found, expected, suggestion, involves=tuple(p.steps for p in others))


def warning(place: Place, found: str, expected: str, *others: Place, suggestion: str = "") -> Diagnostic:
    """Return a warning about something that is probably a mistake, but harmless."""
    involves = tuple(p.steps for p in others)
    return Diagnostic(place.steps, place.text, found, expected, suggestion, "warning", involves)


def quoted(text: str) -> str:
    """Return ``text`` as a TOML string, shortened if it is long."""
    return json.dumps(text if len(text) <= 60 else f"{text[:57]}...", ensure_ascii=False)
