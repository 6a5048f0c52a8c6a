"""Queries: what is written is what is meant, and each fault names its place in one sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotag.domain.errors import Invalid
from autotag.domain.search.parse import MAX_LENGTH, MAX_TERMS, parse_query
from autotag.domain.search.query import (
    ChangedByPerson,
    Condition,
    Confidences,
    Decided,
    InFolder,
    InStatus,
    Labeled,
    Named,
    Query,
    Tagged,
    Term,
)
from tests.unit.domain.search.search_strategies import QUERIES, RANGES, by_rule

TEXTS = st.text(min_size=1, max_size=20).filter(str.strip)


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("concert", Named("concert")),
        ('"my concert"', Named("my concert")),
        ('"a:b"', Named("a:b")),
        ("tag:guitar", Tagged("guitar")),
        ("TAG:guitar", Tagged("guitar")),
        ('tag:"say \\"hi\\""', Tagged('say "hi"')),
        ("label:Guitar", Labeled("Guitar")),
        ('label:"Electric Guitar">0.5<0.7', Labeled("Electric Guitar", Confidences(0.5, 0.7, True, True))),
        ("label:Guitar<=0.7>=.5", Labeled("Guitar", Confidences(0.5, 0.7))),
        ("label:Guitar<1", Labeled("Guitar", Confidences(below=True))),
        ("outcome:review", Decided("review")),
        ("status:Failed", InStatus("failed")),
        ("folder:stage/**", InFolder("stage/**")),
        ("folder:/", InFolder("/")),
        ("person:added", ChangedByPerson("add")),
        ("person:removed", ChangedByPerson("remove")),
        ("added:guitar", ChangedByPerson("add", "guitar")),
        ("removed:baby", ChangedByPerson("remove", "baby")),
        ("rule:defaults.review", by_rule("defaults.review")),
        ('rule:labels."Electric Guitar".threshold', by_rule('labels."Electric Guitar".threshold')),
        ('rule:when[2] "stage photos".set.threshold', by_rule('when[2] "stage photos".set.threshold')),
        ('rule:when[1].labels."A b".parents', by_rule('when[1].labels."A b".parents')),
        ('rule:"labels.\\"say \\"hi\\"\\".threshold"', by_rule('labels."say "hi"".threshold')),
    ],
)
def test_a_term_is_read(text: str, condition: Condition) -> None:
    assert parse_query(text) == Query((Term(condition),))
    assert parse_query(f"  -{text} ") == Query((Term(condition, negated=True),))


def test_terms_are_read_from_left_to_right() -> None:
    assert parse_query("stage tag:a -tag:b").terms == (
        Term(Named("stage")), Term(Tagged("a")), Term(Tagged("b"), negated=True),
    )  # fmt: skip
    assert parse_query(" \t ") == Query()


@pytest.mark.parametrize(
    ("text", "character", "expected"),
    [
        ("tag:", 5, "expected a tag after tag:"),
        ("a tag: b", 7, "expected a tag after tag:"),
        ('tag:" "', 5, "expected a tag after tag:"),
        ('a "b', 3, "expected a closing quotation mark for this one"),
        ('tag:"a"b', 8, "expected a space before b"),
        ('gui"tar"', 4, 'expected a space before "'),
        ("-", 2, "expected a word after -"),
        (
            "color:red",
            1,
            "expected tag, label, outcome, folder, status, person, added, removed or rule before the colon",
        ),
        (
            "a -color:red",
            4,
            "expected tag, label, outcome, folder, status, person, added, removed or rule before the colon",
        ),
        ("label:>0.5", 7, "expected a label after label:"),
        ("label:a>", 9, "expected a confidence from 0 to 1 after >, such as >0.7"),
        ("label:a>70", 9, "expected a confidence from 0 to 1 after >, such as >0.7"),
        ("label:a>=nan", 10, "expected a confidence from 0 to 1 after >=, such as >=0.7"),
        ("label:a>0.5>0.6", 12, "expected one limit with >, not two"),
        ("label:a>0.7<0.5", 8, "expected a range that holds a confidence, not >0.7<0.5"),
        ("label:a>0.5<=0.5", 8, "expected a range that holds a confidence, not >0.5<=0.5"),
        ("outcome:good", 9, "expected an outcome, one of kept, below_threshold, review"),
        ("status:bad", 8, "expected a status, one of pending, applying, tagged, unchanged, skipped, failed"),
        ("person:ada", 8, "expected added or removed after person:"),
        ("rule:threshold", 6, "expected a key path after rule:, such as defaults.threshold"),
        ("rule:labels.guitar", 6, "expected a key path after rule:, such as defaults.threshold"),
        ("x" * (MAX_LENGTH + 1), MAX_LENGTH + 1, "expected at most 1000 characters"),
        ("x " * (MAX_TERMS + 1), MAX_TERMS * 2 + 1, "expected at most 20 terms"),
    ],
)
def test_a_fault_names_its_character_and_what_is_expected(text: str, character: int, expected: str) -> None:
    with pytest.raises(Invalid) as fault:
        parse_query(text)
    assert fault.value.where == f"query, character {character}"
    assert fault.value.expected.startswith(expected)


@given(QUERIES)
def test_what_is_written_is_read_again(query: Query) -> None:
    assert parse_query(str(query)) == query


@given(TEXTS, RANGES, st.booleans())
def test_any_text_can_be_searched(text: str, range_: Confidences, negated: bool) -> None:
    conditions: tuple[Condition, ...] = (
        Named(text), Tagged(text), Labeled(text, range_), InFolder(text), ChangedByPerson("add", text),
        by_rule(f'labels."{text}".threshold'),
    )  # fmt: skip
    query = Query(tuple(Term(each, negated) for each in conditions))
    assert parse_query(str(query)) == query
    assert all(
        Named(f"{sign}{text}") == parse_query(str(Term(Named(f"{sign}{text}")))).terms[0].condition for sign in "-:"
    )


@given(st.text(max_size=40))
def test_any_text_is_a_query_or_a_fault_within_it(text: str) -> None:
    try:
        query = parse_query(text)
    except Invalid as fault:
        assert 1 <= int(fault.where.rpartition(" ")[2]) <= len(text) + 1
    else:
        assert parse_query(str(query)) == query
