"""Hypothesis strategies for queries over the names that rules and assets of other tests have."""

from typing import get_args

from hypothesis import strategies as st

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
from tests.unit.domain.rules.rule_strategies import CONFIDENCES, SPELT, TAGS


def _range(one: float, other: float, above: bool, below: bool) -> Confidences:
    low, high = min(one, other) + 0.0, max(one, other)
    open_ = low < high
    return Confidences(low, high, above and open_, below and open_)


RANGES = st.just(Confidences()) | st.builds(_range, CONFIDENCES, CONFIDENCES, st.booleans(), st.booleans())

PATHS = st.sampled_from(
    [
        "defaults.threshold", "defaults.review", "defaults.max_tags", "defaults.deny", "defaults.allow",
        'labels."Guitar".threshold', 'labels."electric guitar".parents', 'labels."Music".parents',
        "when[1].set.threshold", 'when[1] "stage photos".set.threshold', "when[2].skip", "when[1].add",
        'when[1].labels."Guitar".threshold',
    ]
)  # fmt: skip


def by_rule(path: str) -> DecidedBy:
    """Return the condition of a key path."""
    place = parse_rule_path(path)
    assert place is not None
    return DecidedBy(path, place)


DECISIONS: st.SearchStrategy[Condition] = st.one_of(
    st.builds(Decided, st.sampled_from(get_args(OutcomeKind))), st.builds(by_rule, PATHS)
)
OTHERS: st.SearchStrategy[Condition] = st.one_of(
    st.builds(Named, st.sampled_from(["p", "P0", "7", "ä", "\N{GREEK SMALL LETTER SIGMA}", "nothing such"])),
    st.builds(Tagged, TAGS | SPELT),
    st.builds(Labeled, SPELT, RANGES),
    st.builds(InFolder, st.sampled_from(["stage/**", "zoo/*", "**", "/", "stage"])),
    st.builds(InStatus, st.sampled_from(["tagged", "unchanged", "failed"])),
    st.builds(ChangedByPerson, st.sampled_from(["add", "remove"]), st.just("") | TAGS),
)
QUERIES = st.lists(st.builds(Term, OTHERS | DECISIONS, st.booleans()), max_size=3).map(
    lambda terms: Query(tuple(terms))
)
