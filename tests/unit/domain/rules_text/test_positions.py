"""Where in the text a key stands, however TOML lets it be written."""

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from autotag.domain.errors import Invalid
from autotag.domain.rules_text.positions import Positions
from tests.unit.domain.rules_text.parsed_positions import ParsedPositions

TEXT = '''\
# a comment
name = "a"   # another
defaults.deny = [
    "x",     # first

    """
    not = 1
    """, 'y',
]
"odd \\u00e9 key"."in.ner" = { a = 1, b.c = [ { d = 1 }, 2 ] }

[labels."Electric Guitar"]   # [labels.Other]
tag = """
[labels.Nothing]
threshold = 1
"""
'thresold' = 0.6
[labels.'B']

[[when]]
set = { threshold = 0.5,  review = 2 }
  [when.labels.Dog]
  threshold = 3
[[when]]
set . review = 2
[[when.odd]]
[[when.odd]]
é = 1
'''.replace("é = 1", '"é" = { "é" = 1, x = 2 }')


@pytest.mark.parametrize(
    ("steps", "line", "column"),
    [
        (("name",), 2, 1),
        (("defaults",), 3, 1),
        (("defaults", "deny"), 3, 10),
        (("defaults", "deny", 0), 4, 5),
        (("defaults", "deny", 1), 6, 5),
        (("defaults", "deny", 2), 8, 10),
        (("odd é key",), 10, 1),
        (("odd é key", "in.ner"), 10, 18),
        (("odd é key", "in.ner", "a"), 10, 31),
        (("odd é key", "in.ner", "b", "c"), 10, 40),
        (("odd é key", "in.ner", "b", "c", 0, "d"), 10, 48),
        (("odd é key", "in.ner", "b", "c", 1), 10, 57),
        (("labels",), 12, 2),
        (("labels", "Electric Guitar"), 12, 9),
        (("labels", "Electric Guitar", "tag"), 13, 1),
        (("labels", "Electric Guitar", "thresold"), 17, 1),
        (("labels", "B"), 18, 9),
        (("when",), 20, 3),
        (("when", 0), 20, 3),
        (("when", 0, "set", "review"), 21, 27),
        (("when", 0, "labels", "Dog", "threshold"), 23, 3),
        (("when", 1), 24, 3),
        (("when", 1, "set"), 25, 1),
        (("when", 1, "set", "review"), 25, 7),
        (("when", 1, "odd", 0), 26, 8),
        (("when", 1, "odd", 1), 27, 8),
        (("when", 1, "odd", 1, "é", "x"), 28, 18),
        (("when", 1, "odd", 1, "not written", "down"), 27, 8),
        (("defaults", "threshold"), 3, 1),
        ((), 1, 1),
        (("nowhere",), 1, 1),
    ],
)
def test_a_place_has_its_line_and_column(steps: tuple[str | int, ...], line: int, column: int) -> None:
    assert Positions(TEXT)[steps] == (line, column)


def test_line_ends_of_windows_are_line_ends() -> None:
    positions = Positions('a = 1\r\nb = """\r\nx\r\n"""\r\n[c]\r\nd = [\r\n1\r\n]\r\n')
    assert [positions[steps].line for steps in (("a",), ("b",), ("c",), ("c", "d"), ("c", "d", 0))] == [1, 2, 5, 6, 7]


def test_what_is_nested_deeper_than_any_rule_is_one_value() -> None:
    text = f'a = {"[" * 200} "]" # ]\n{"]" * 200}\nb = {{ c = {"{ d = " * 60}1{" }" * 60} }}\ne = 1\n'
    positions = Positions(text)
    assert (positions[("b",)], positions[("e",)]) == ((3, 1), (4, 1))


@given(text=st.text(st.sampled_from("[]{}=\"'#,.a \n\\"), max_size=30))
def test_a_text_that_is_no_toml_is_refused_or_read_but_never_read_for_ever(text: str) -> None:
    try:
        Positions(text)
    except Invalid as error:
        assert "expected a key" in str(error)


def paths(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Return every place in a document as tomllib reads it."""
    if at:
        yield at
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in inner:
        yield from paths(item, (*at, step))


KEYS = st.sampled_from(["a", "b", "c-d", "1", "true", '"x y"', "'q\"'", '"\\u00e9"', '""', '"a.b"', "'é'"])
DOTTED = st.lists(KEYS, min_size=1, max_size=3).map(" . ".join) | KEYS
WHITE = st.sampled_from(["", " ", "\t", "\n", "\r\n", " # ] a = 1\n"])
SCALARS = st.sampled_from(
    [
        *("1", "-0.5", "1e3", "0xFF", "true", "inf", "1979-05-27", "1979-05-27 07:32:00Z", "07:32:00"),
        *('"s"', "'s#'", '"\\""', '""""a"""', "'''it's'''", "'''\n[[when]]\na = 1\n'''", '"""m\\\n  x = 1"""'),
    ]
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(st.tuples(WHITE, inner, WHITE).map("".join), max_size=3).map(lambda items: f"[{','.join(items)}\n]")
        | st.lists(st.tuples(DOTTED, inner).map(" = ".join), max_size=3).map(lambda pairs: f"{{ {', '.join(pairs)} }}")
    ),
    max_leaves=6,
)
LINES = (
    st.tuples(DOTTED, VALUES).map(" = ".join)
    | DOTTED.map(lambda key: f"[ {key} ]  # c")
    | DOTTED.map(lambda key: f"[[{key}]]")
    | st.just("# [a]")
)


@given(lines=st.lists(LINES, max_size=6), end=st.sampled_from(["\n", "\r\n", "\n\n"]))
def test_every_place_that_a_document_has_is_known_and_no_other(lines: list[str], end: str) -> None:
    text = end.join(lines)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assume(False)
    found, parsed = Positions(text), ParsedPositions(text)
    assert set(found) == set(paths(document))
    assert {steps: found[steps] for steps in found} == {steps: parsed[steps] for steps in parsed}
