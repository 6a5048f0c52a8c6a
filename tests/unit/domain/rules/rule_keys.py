"""The keys of a rules file, values that they do not take, and what validation says of a text."""

from collections.abc import Iterator
from typing import Any

from msgspec import inspect

from autotag.domain.rules.parse import examine
from autotag.domain.rules.validation.schema_types import SchemaType

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
