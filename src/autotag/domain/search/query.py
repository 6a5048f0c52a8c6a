"""A query for assets: terms that an asset has to fulfill, all of them, and how they are written."""

import re
from typing import Literal

from msgspec import Struct

from autotag.domain.model.outcome import OutcomeKind
from autotag.domain.sentences.rule_path import RulePath
from autotag.domain.state.asset_state import Status

_BARE = re.compile(r'[^\s"<>\\]+')


class Named(Struct, frozen=True):
    """The public_id holds ``text``, in whatever case."""

    text: str


class Tagged(Struct, frozen=True):
    """The asset has the tag, in whatever spelling."""

    tag: str


class Confidences(Struct, frozen=True):
    """A range of confidences (0-1). ``above`` and ``below``: the limit itself is not in it."""

    low: float = 0.0
    high: float = 1.0
    above: bool = False
    below: bool = False

    def holds(self, confidence: float) -> bool:
        """Return whether a confidence is in the range."""
        over = confidence > self.low if self.above else confidence >= self.low
        return over and (confidence < self.high if self.below else confidence <= self.high)

    def __str__(self) -> str:
        """Return how the range is written, "" for that of all confidences."""
        low = f"{'>' if self.above else '>='}{self.low!r}" if self.above or self.low else ""
        return low + (f"{'<' if self.below else '<='}{self.high!r}" if self.below or self.high != 1 else "")


class Labeled(Struct, frozen=True):
    """A provider of the rules returned the label, in whatever spelling, with a confidence in the range."""

    label: str
    confidences: Confidences = Confidences()


class Decided(Struct, frozen=True):
    """The active rules give a label of the asset, or a tag that they imply, this outcome."""

    outcome: OutcomeKind


class InFolder(Struct, frozen=True):
    """The folder matches the glob, as in the rules."""

    glob: str


class InStatus(Struct, frozen=True):
    """The asset has the status, which is what came of its last decision."""

    status: Status


class ChangedByPerson(Struct, frozen=True):
    """The last that a person did to the tag, or to any if ``tag`` is "", was to add or to remove it."""

    want: Literal["add", "remove"]
    tag: str = ""


class DecidedBy(Struct, frozen=True):
    """The active rules keep a label, leave it out or skip the asset by the rule at this place.

    ``path`` is the key path as it was written; the names of blocks in it do not count.
    """

    path: str
    place: RulePath


Condition = Named | Tagged | Labeled | Decided | InFolder | InStatus | ChangedByPerson | DecidedBy


class Term(Struct, frozen=True):
    """A condition, or that it is not so (``negated``)."""

    condition: Condition
    negated: bool = False

    def __str__(self) -> str:
        """Return how the term is written."""
        return f"{'-' if self.negated else ''}{_written(self.condition)}"


class Query(Struct, frozen=True):
    """The terms of a query; without any, every asset matches."""

    terms: tuple[Term, ...] = ()

    def __str__(self) -> str:
        """Return how the query is written; parsing it gives the same query."""
        return " ".join(map(str, self.terms))

    @property
    def needs_decision(self) -> bool:
        """Whether a term is about what the active rules decide."""
        return any(isinstance(term.condition, Decided | DecidedBy) for term in self.terms)


def _written(condition: Condition) -> str:
    match condition:
        case Named(text):
            return quoted(text, always=text.startswith("-") or ":" in text)
        case Tagged(tag):
            return f"tag:{quoted(tag)}"
        case Labeled(label, confidences):
            return f"label:{quoted(label)}{confidences}"
        case Decided(outcome):
            return f"outcome:{outcome}"
        case InFolder(glob):
            return f"folder:{quoted(glob)}"
        case InStatus(status):
            return f"status:{status}"
        case ChangedByPerson(want, tag):
            did = "added" if want == "add" else "removed"
            return f"{did}:{quoted(tag)}" if tag else f"person:{did}"
        case DecidedBy(path):
            return f"rule:{quoted(path)}"


def quoted(text: str, *, always: bool = False) -> str:
    """Return ``text`` as a value of a query: in quotation marks where it needs them, or ``always``."""
    if _BARE.fullmatch(text) and not always:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
