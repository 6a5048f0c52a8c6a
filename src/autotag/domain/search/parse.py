"""Reading a query. Each fault is one sentence that names the character at which it is, counted from 1."""

import re
from collections.abc import Sequence
from typing import Literal, get_args

from autotag.domain.errors import Invalid
from autotag.domain.model.outcome import OutcomeKind
from autotag.domain.search.query import (
    ChangedByPerson,
    Condition,
    Confidences,
    Decided,
    DecidedBy,
    InFolder,
    InStatus,
    Labeled,
    Named,
    Query,
    Tagged,
    Term,
)
from autotag.domain.sentences.rule_path import parse_rule_path
from autotag.domain.state.asset_state import Status

MAX_LENGTH = 1000
"""Characters of a query."""
MAX_TERMS = 20

OUTCOMES: tuple[OutcomeKind, ...] = get_args(OutcomeKind)

STATUSES: tuple[Status, ...] = get_args(Status)

KEYS = ("tag", "label", "outcome", "folder", "status", "person", "added", "removed", "rule")

_SPACE = re.compile(r"\s*")
_KEY = re.compile(r"([A-Za-z_]+):")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BARE = re.compile(r'[^\s"]+')
_LABEL = re.compile(r'[^\s"<>]+')
_LIMIT = re.compile(r"(?P<sign>[<>]=?)(?P<number>[^\s<>]*)")
_PATH = re.compile(r'(?:when\[\d+\](?: "[^"]*")?\.)?(?:labels\."[^"]*"\.)?[^\s"]+')
"""A key path as pages show it, with quotation marks of its own."""


def parse_query(text: str) -> Query:
    """Return the query that ``text`` is. Raises ``Invalid`` with the place of the first fault."""
    if len(text) > MAX_LENGTH:
        raise Invalid(f"query, character {MAX_LENGTH + 1}", f"expected at most {MAX_LENGTH} characters")
    reader, terms = _Reader(text), list[Term]()
    while reader.has_more():
        if len(terms) == MAX_TERMS:
            raise reader.fault(f"expected at most {MAX_TERMS} terms")
        terms.append(reader.term())
    return Query(tuple(terms))


class _Reader:
    """Reads terms from ``text``, from left to right."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0

    def has_more(self) -> bool:
        """Skip white space; return whether there is another term."""
        self._take(_SPACE)
        return self._at < len(self._text)

    def fault(self, expected: str, at: int | None = None) -> Invalid:
        """Return a fault at this place, or at another one."""
        return Invalid(f"query, character {(self._at if at is None else at) + 1}", expected)

    def term(self) -> Term:
        """Read a term."""
        negated = self._text[self._at] == "-"
        self._at += negated
        start = self._at
        key = self._take(_KEY)
        condition = self._word() if key is None else self._condition(key[1].lower(), start)
        if self._at < len(self._text) and not self._text[self._at].isspace():
            raise self.fault(f"expected a space before {self._text[self._at]}")
        return Term(condition, negated)

    def _word(self) -> Condition:
        return Named(self._value(_BARE, "expected a word after -"))

    def _condition(self, key: str, start: int) -> Condition:
        match key:
            case "tag":
                return Tagged(self._value(_BARE, "expected a tag after tag:"))
            case "label":
                return Labeled(self._value(_LABEL, "expected a label after label:"), self._confidences())
            case "outcome":
                return Decided(self._one_of(OUTCOMES, "an outcome", "outcome:"))
            case "folder":
                glob = self._value(_BARE, "expected a folder after folder:, such as stage/**, or / for the root")
                return InFolder(glob)
            case "status":
                return InStatus(self._one_of(STATUSES, "a status", "status:"))
            case "person":
                return ChangedByPerson(self._done_by_person())
            case "added":
                return ChangedByPerson("add", self._value(_BARE, "expected a tag after added:"))
            case "removed":
                return ChangedByPerson("remove", self._value(_BARE, "expected a tag after removed:"))
            case "rule":
                return self._rule()
        names = f"{', '.join(KEYS[:-1])} or {KEYS[-1]}"
        raise self.fault(f'expected {names} before the colon; put a name with a colon in quotation marks: "a:b"', start)

    def _value(self, bare: re.Pattern[str], expected: str) -> str:
        """Read a value, in quotation marks or without; an empty one is a fault."""
        start = self._at
        if self._text.startswith('"', start):
            found = self._take(_QUOTED)
            if found is None:
                raise self.fault("expected a closing quotation mark for this one")
            text = _ESCAPED.sub(r"\1", found[1])
        else:
            match = self._take(bare)
            text = match[0] if match else ""
        if not text.strip():
            raise self.fault(expected, start)
        return text

    def _confidences(self) -> Confidences:
        """Read the limits of a range."""
        start = self._at
        limits: dict[str, tuple[float, bool]] = {}
        while (limit := _LIMIT.match(self._text, self._at)) is not None:
            sign, side = limit["sign"], limit["sign"][0]
            if side in limits:
                raise self.fault(f"expected one limit with {side}, not two")
            self._at += len(sign)
            limits[side] = self._number(sign, limit["number"]), sign == side
            self._at = limit.end()
        low, above = limits.get(">", (0.0, False))
        high, below = limits.get("<", (1.0, False))
        found = Confidences(low, high, above, below)
        if low > high or (low == high and (above or below)):
            raise self.fault(f"expected a range that holds a confidence, not {found}", start)
        return found

    def _number(self, sign: str, text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = -1.0
        if not 0 <= number <= 1:
            raise self.fault(f"expected a confidence from 0 to 1 after {sign}, such as {sign}0.7")
        return number + 0.0

    def _one_of[T: str](self, known: Sequence[T], what: str, key: str) -> T:
        """Read one of the ``known`` words."""
        start = self._at
        names = ", ".join(known)
        given = self._value(_BARE, f"expected {what} after {key}, one of {names}")
        found = next((each for each in known if each == given.lower()), None)
        if found is None:
            raise self.fault(f"expected {what}, one of {names}", start)
        return found

    def _done_by_person(self) -> Literal["add", "remove"]:
        start, expected = self._at, "expected added or removed after person:"
        done = self._value(_BARE, expected).lower()
        if done not in ("added", "removed"):
            raise self.fault(expected, start)
        return "add" if done == "added" else "remove"

    def _rule(self) -> Condition:
        start = self._at
        expected = 'expected a key path after rule:, such as defaults.threshold or labels."Electric Guitar".threshold'
        path = self._value(_PATH, expected)
        place = parse_rule_path(path)
        if place is None:
            raise self.fault(expected, start)
        return DecidedBy(path, place)

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self._text, self._at)
        if match is not None:
            self._at = match.end()
        return match
