"""The keys of a rules file, values that they do not take, and what validation says of a text."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from msgspec import inspect

from autotag.domain.decisions.decide import decide
from autotag.domain.model.labels import Label
from autotag.domain.rules.compiled.ruleset import Subject
from autotag.domain.rules.parse import examine
from autotag.domain.rules.validation.schema_types import SchemaType
from tests.unit.domain.decisions.decision_helpers import because, book, decided

ASSET: dict[str, Any] = {
    "folder": "stage/live",
    "format": "jpg",
    "user_tags": ("press",),
    "context": {"license": "editorial"},
    "resource_type": "image",
    "metadata": {"licence": "press", "use": ("web", "print")},
}
"""An asset about which blocks can ask."""
KEYS = "name, defaults, providers, labels, categories, translations, when"
KEYS_OF_DEFAULTS = (
    "threshold, review, max_tags, case, prefix, mode, providers, agree, ancestors, languages, deny, allow, "
    "auto_tagged, on_move"
)
KEYS_OF_LABELS = "threshold, tag, parents, priority"
KEYS_OF_WHEN = (
    "name, folder, folder_not, resource_type, format, tags_any, tags_none, context, metadata, labels_any, "
    "labels_all, labels_none, set, labels, categories, add, skip"
)
NO_NUMBER = ('"0.7"', "true", "nan", "-0.1", "1.1", "[0.7]")
NO_COUNT = ('"5"', "true", "1.5", "-1", "1001", "{}")
NO_CHOICE = ('"other"', '"Lower"', "true", "1", "[]")
NO_TAG = ('""', '" "', '"a,b"', '" a"', '"a "', '"a\\n"', f'"{"x" * 256}"', "1", "true", '["a"]')
NO_PREFIX = ('"a,b"', '" a"', '"\\t"', f'"{"x" * 65}"', "1", "[]")
NO_NAMES = ('"Guitar"', "[1]", '[""]', '[" "]', '[["Guitar"]]', "true", "{}")
NO_TAGS = ('"music"', "[1]", '[""]', '["a,b"]', '[" a"]', "{}")
NO_TRUTH = ('"yes"', "1", "[]")
NO_LANGUAGES = ('"de"', "[1]", '[""]', '["german"]', '["d_e"]', '["de-"]', "true", "{}")
NO_TABLE = ("1", '"x"', "[]", "true")
NO_TRANSLATIONS = (
    *NO_TABLE,
    "{ german = {} }",
    "{ de = 1 }",
    "{ de = [] }",
    "{ de.A = 1 }",
    '{ de."" = "x" }',
    '{ de.A = "a,b" }',
)
NO_METADATA = (
    '"x"',
    "[]",
    '{ "" = "x" }',
    "{ n = 7 }",
    "{ n = [] }",
    '{ n = "" }',
    "{ n = [7] }",
    f'{{ n = "{"x" * 256}" }}',
)

LABELS = {"Guitar": 0.8, "Drum": 0.6}


def tags(text: str) -> object:
    """Return the tags of the asset; the next functions return what else is decided on it."""
    return decided(text, LABELS, **ASSET).tags


def review(text: str) -> object:
    return decided(text, LABELS, **ASSET).review


def reasons(text: str) -> object:
    return because(decided(text, LABELS, **ASSET))["Guitar"]


def mode(text: str) -> object:
    return decided(text, LABELS, **ASSET).mode


def of_koala(text: str) -> object:
    """Return the tags of a koala, which Rekognition calls a mammal and an animal as well."""
    subject = Subject(ancestors={"koala": ("Animal", "Mammal")})
    labels = [Label("Koala", 0.9), Label("Animal", 0.95), Label("Mammal", 0.6)]
    return decide({"rekognition": labels}, subject, book(text)).tags


class Key(NamedTuple):
    """``look`` sees ``without`` where the key is left out, ``seen`` where it is ``value``; ``rest`` is beside it."""

    value: str
    without: object
    seen: object
    refused: tuple[str, ...]
    look: Callable[[str], object] = tags
    rest: str = ""


def sentences(text: str) -> list[str]:
    """Return the sentences of the faults in a rules file."""
    return [fault.sentence for fault in examine(text).errors]


def grammar(type_: inspect.Type, path: str = "") -> Iterator[str]:
    """Return every key that the types have."""
    bare: Any = SchemaType(type_).type
    match bare:
        case inspect.StructType():
            for field in bare.fields:
                yield (inner := f"{path}.{field.encode_name}".lstrip("."))
                yield from grammar(field.type, inner)
        case inspect.DictType():
            yield from grammar(bare.value_type, f"{path}.*")
        case inspect.VarTupleType():
            yield from grammar(bare.item_type, f"{path}[]")
