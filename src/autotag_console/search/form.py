"""The form of a search: a query as text, fields for those who do not write one, and where to search."""

from typing import Annotated, Literal
from urllib.parse import urlencode

import msgspec
from msgspec import Meta, Struct, field

from autotag.domain.errors import Invalid
from autotag.domain.search.parse import MAX_LENGTH, OUTCOMES, parse_query
from autotag.domain.search.query import (
    ChangedByPerson,
    Condition,
    Confidences,
    Decided,
    InFolder,
    Labeled,
    Named,
    Query,
    Tagged,
    Term,
)

PATH = "/library"

Where = Literal["", "export", "stack"]
Text = Annotated[str, Meta(max_length=MAX_LENGTH)]


class SearchForm(Struct, frozen=True):
    """The fields of a search as the address has them; empty ones say nothing.

    ``low`` and ``high`` are confidences (0-1) of ``label``: from ``low`` on, and below ``high`` unless that is 1.
    ``person`` added or removed ``person_tag``, or any tag. ``where`` is the export or the stack. ``cursor`` and
    ``after`` name the place where a later page begins; ``looked`` assets were looked at before it.
    """

    q: Text = ""
    tag: Text = ""
    label: Text = ""
    low: Text = field(default="", name="from")
    high: Text = field(default="", name="to")
    outcome: Text = ""
    folder: Text = ""
    person: Literal["", "added", "removed"] = ""
    person_tag: Text = ""
    where: Where = field(default="", name="in")
    cursor: Annotated[str, Meta(max_length=1024)] = ""
    after: Annotated[str, Meta(max_length=255)] = ""
    looked: Annotated[int, Meta(ge=0)] = 0

    def query(self) -> Query:
        """Return the terms of the text and of the fields. Raises ``Invalid`` with the place of a fault."""
        written = parse_query(self.q)
        return Query((*written.terms, *(Term(condition) for condition in self._conditions())))

    @property
    def with_tags(self) -> str:
        """The text with a tag in place of each word that is looked for in names, "" if there is none.

        Raises ``Invalid`` as ``query`` does.
        """
        terms = parse_query(self.q).terms
        words = [term.condition for term in terms if isinstance(term.condition, Named) and not term.negated]
        return str(Query(tuple(_tagged(term) for term in terms))) if words else ""

    @property
    def has_fields(self) -> bool:
        """Whether a field besides the text says something."""
        return any((self.tag, self.label, self.low, self.high, self.outcome, self.folder, self.person, self.person_tag))

    def address(self, **more: str) -> str:
        """Return the address of this search from its beginning, with other fields as ``more`` says."""
        known: dict[str, object] = msgspec.to_builtins(self)
        fields = {**known, "cursor": "", "after": "", "looked": "", **more}
        said = urlencode({name: value for name, value in fields.items() if value})
        return f"{PATH}?{said}" if said else PATH

    def _conditions(self) -> list[Condition]:
        found: list[Condition] = [Tagged(tag)] if (tag := self.tag.strip()) else []
        confidences, label = _confidences(self.low, self.high), self.label.strip()
        if label:
            found.append(Labeled(label, confidences))
        elif str(confidences):
            raise Invalid("label", "expected the label that the confidence is of")
        if self.outcome:
            outcome = next((each for each in OUTCOMES if each == self.outcome), None)
            if outcome is None:
                raise Invalid("outcome", f"expected one of {', '.join(OUTCOMES)}")
            found.append(Decided(outcome))
        if folder := self.folder.strip():
            found.append(InFolder(folder))
        if self.person:
            found.append(ChangedByPerson("add" if self.person == "added" else "remove", self.person_tag.strip()))
        elif self.person_tag.strip():
            raise Invalid("person", "expected whether a person added or removed the tag")
        return found


def _tagged(term: Term) -> Term:
    """Return a term about a tag for one about a word in names; others as they are, and those that are negated."""
    word = term.condition
    return Term(Tagged(word.text)) if isinstance(word, Named) and not term.negated else term


def _confidences(low: str, high: str) -> Confidences:
    from_, to = _number("from", low, 0.0), _number("to", high, 1.0)
    if from_ >= to and (from_, to) != (1.0, 1.0):
        raise Invalid("to", "expected a confidence above the one before")
    return Confidences(from_, to, below=to < 1)


def _number(name: str, text: str, usual: float) -> float:
    try:
        number = float(text) if text.strip() else usual
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise Invalid(name, "expected a confidence from 0 to 1, such as 0.7")
    return number + 0.0
