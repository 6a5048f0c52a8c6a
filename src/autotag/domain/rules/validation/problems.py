"""What is wrong with a rules file, as values: where, what was found there, and what was expected instead."""

import json
import re
from collections.abc import Collection
from typing import Literal, NamedTuple

from msgspec import Struct

from autotag.domain.errors import Invalid

Steps = tuple[str | int, ...]
"""How to get to a place in the document: keys, and indexes from 0."""

MAX_FAULTS = 200
"""Told at once; a file that holds more of them is something else than a rules file."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")


class Place(NamedTuple):
    """A place in the document. ``text`` is its key path as people read it; they count blocks from 1."""

    steps: Steps = ()
    text: str = ""

    def key(self, name: str) -> "Place":
        """Return the place of a key of the grammar, or of one that is none."""
        return self._below(name, name if _BARE.fullmatch(name) else quoted(name))

    def entry(self, name: str) -> "Place":
        """Return the place of an entry that people named, such as a label: always quoted, as audits quote it."""
        return self._below(name, quoted(name))

    def item(self, index: int) -> "Place":
        """Return the place of an item of a list; ``index`` counts from 0."""
        return Place((*self.steps, index), f"{self.text}[{index + 1}]")

    def _below(self, step: str, text: str) -> "Place":
        return Place((*self.steps, step), f"{self.text}.{text}" if self.text else text)


ROOT = Place()


class Fault(Struct, frozen=True):
    """One fault, or warning, of a rules file. ``line`` and ``column`` count from 1, where TOML itself is broken."""

    steps: Steps
    where: str
    found: str
    expected: str
    suggestion: str = ""
    severity: Literal["fault", "warning"] = "fault"
    involves: tuple[Steps, ...] = ()
    line: int | None = None
    column: int | None = None

    @property
    def sentence(self) -> str:
        """All of it but the line, without a full stop."""
        where = f"{self.where}: " if self.where else ""
        suggestion = f"; did you mean {self.suggestion}?" if self.suggestion else ""
        return f"{where}found {self.found}, expected {self.expected}{suggestion}"


class InvalidRules(Invalid):
    """Rules that cannot be used; ``faults`` are all that is wrong with them."""

    def __init__(self, source: str, faults: Collection[Fault]) -> None:
        lines = (f"line {fault.line}: " if fault.line else "" for fault in faults)
        told = [line + fault.sentence for line, fault in zip(lines, faults, strict=True)]
        super().__init__(source, ". ".join(told))
        self.faults = tuple(faults)


def fault(place: Place, found: str, expected: str, *others: Place, suggestion: str = "") -> Fault:
    """Return what makes rules unusable; ``others`` are the places that it depends on besides its own."""
    return Fault(place.steps, place.text, found, expected, suggestion, involves=tuple(p.steps for p in others))


def warning(place: Place, found: str, expected: str, *others: Place, suggestion: str = "") -> Fault:
    """Return what is probably not meant, but harmless."""
    involves = tuple(p.steps for p in others)
    return Fault(place.steps, place.text, found, expected, suggestion, "warning", involves)


def quoted(text: str) -> str:
    """Return ``text`` as TOML writes it, shortened where it is long."""
    return json.dumps(text if len(text) <= 60 else f"{text[:57]}...", ensure_ascii=False)
