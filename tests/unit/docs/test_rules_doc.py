"""docs/rules.md: every example prints what the document says, and every key of the grammar is in it.

Where an output has changed on purpose, ``.venv/bin/python -m tests.unit.docs.regenerate`` in the project's folder
writes all of them anew; read the difference before you keep it.
"""

import re
import tomllib
from collections.abc import Iterator
from typing import Any, get_args

import msgspec
import pytest
from msgspec import Struct, inspect

from autotag.domain.model.audit import AuditOutcome
from autotag.domain.model.outcome import OutcomeKind
from autotag.domain.rules.parse import examine
from autotag.domain.rules.schema import CategoryRule, Defaults, LabelRule, Overrides, ProviderRule, Rules, When
from tests.unit.docs.examples import DOCUMENT, Example, examples, run

TEXT = DOCUMENT.read_text("utf-8")
EXAMPLES = list(examples(TEXT))

FAULTY = "faulty.toml"
"""The name of a file that an example is to find faults in."""

TABLES: tuple[tuple[str, type[Struct]], ...] = (
    ("", Rules),
    ("defaults.", Defaults),
    ("providers.*.", ProviderRule),
    ("labels.*.", LabelRule),
    ("categories.*.", CategoryRule),
    ("when.", When),
    ("when.set.", Overrides),
)
KEYS = {prefix + name: (table, name) for prefix, table in TABLES for name in table.__struct_fields__}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"line-{example.line}")
def test_every_example_prints_what_the_document_says(example: Example) -> None:
    assert run(example) == example.text


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"line-{example.line}")
def test_every_example_is_of_rules_without_a_fault_or_warning(example: Example) -> None:
    for name, text in example.files.items():
        if name == FAULTY:
            assert examine(text).errors
            continue
        assert (examine(text).errors, examine(text).warnings) == ((), ())


def used(value: object, path: str = "") -> Iterator[str]:
    """Return the keys that a rules file uses, as the document writes them."""
    if isinstance(value, list):
        for entry in value:
            yield from used(entry, path)
    elif isinstance(value, dict):
        for name, inner in value.items():
            known = re.sub(r"^when\.(labels|categories)\.", r"\1.", f"{path}.{name}".lstrip("."))
            known = re.sub(r"^(labels|categories|providers)\.[^.]+", r"\1.*", known)
            yield known
            yield from used(inner, known)


def test_every_key_of_the_grammar_is_in_an_example() -> None:
    seen = {key for example in EXAMPLES for text in example.files.values() for key in used(tomllib.loads(text))}

    assert KEYS.keys() - seen == set()


def rows() -> dict[str, list[str]]:
    """Return the rows of the tables of keys, by key: the description, the type and the default."""
    table = re.compile(r"^\| `([\w.*]+)` \| (.*) \| (.*) \| (.*) \|$", re.MULTILINE)
    return {key: cells for key, *cells in table.findall(TEXT)}


def test_the_tables_have_every_key_once_and_no_other() -> None:
    assert list(rows()) == list(KEYS)
    assert TEXT.count("| default |") == len(TABLES)


@pytest.mark.parametrize("key", KEYS)
def test_the_tables_tell_the_default(key: str) -> None:
    table, name = KEYS[key]
    default = getattr(table(), name)

    told = rows()[key][2]
    if default is None:
        assert told.startswith("none")
    else:
        assert told == f"`{msgspec.json.encode(_plain(default)).decode()}`"


def _plain(value: object) -> object:
    return {} if isinstance(value, Struct) else value


@pytest.mark.parametrize("key", KEYS)
def test_the_tables_tell_every_bound(key: str) -> None:
    table, name = KEYS[key]
    field = next(f for f in inspect.type_info(table).fields if f.name == name)  # type: ignore[attr-defined]

    told = rows()[key][1]
    for bound in bounds(field.type):
        assert re.search(rf"(?<![\d.]){re.escape(bound)}(?![\d.]\d)", told), bound


def bounds(kind: Any) -> Iterator[str]:
    """Return the words and numbers that limit a type."""
    match kind:
        case inspect.Metadata(type=inner):
            yield from bounds(inner)
        case inspect.UnionType(types=types):
            for choice in types:
                yield from bounds(choice)
        case inspect.LiteralType(values=values):
            yield from (f'"{value}"' for value in values)
        case inspect.VarTupleType(item_type=item):
            yield from numbers(kind, "min_length", "max_length")
            yield from bounds(item)
        case inspect.DictType(key_type=key) if not isinstance(inspect_struct(kind), inspect.StructType):
            yield from bounds(key)
        case inspect.StrType():
            yield from numbers(kind, "min_length", "max_length")
        case inspect.FloatType() | inspect.IntType():
            yield from numbers(kind, "ge", "le")


def inspect_struct(kind: inspect.DictType) -> Any:
    value: Any = kind.value_type
    return value.type if isinstance(value, inspect.Metadata) else value


def numbers(kind: Any, *names: str) -> Iterator[str]:
    for name in names:
        bound = getattr(kind, name)
        if bound is not None:
            yield f"{bound:g}" if abs(bound) < 10_000 else str(bound)


@pytest.mark.parametrize("outcomes", [get_args(OutcomeKind), get_args(AuditOutcome)])
def test_every_outcome_is_explained(outcomes: tuple[str, ...]) -> None:
    for outcome in outcomes:
        assert re.search(rf"^\| .*`{outcome}`.* \| ", TEXT, re.MULTILINE), outcome


def test_every_link_within_the_document_leads_somewhere() -> None:
    headings = re.findall(r"^#+ (.*)$", TEXT, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}

    assert set(re.findall(r"\]\(#([^)]*)\)", TEXT)) <= anchors
