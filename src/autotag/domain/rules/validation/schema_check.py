"""The schema check of a document: it finds every error at once, and the part that can be read in spite of them."""

from collections.abc import Callable
from typing import Any

from msgspec import inspect
from msgspec.structs import replace

from autotag.domain.model.conversion import type_info
from autotag.domain.rules.schema import Rules
from autotag.domain.rules.validation.messages import describe_expected, describe_value, suggest, suggest_key
from autotag.domain.rules.validation.problems import MAX_ERRORS, ROOT, Diagnostic, KeyPath, Location, error, quoted
from autotag.domain.rules.validation.schema_types import SchemaType, matches

_NOTHING: Any = object()


class SchemaCheck:
    """One check of a document against the types of the schema.

    ``readable`` is the document without the values that cannot be read, and with misspelled keys replaced by the keys
    that were probably meant. ``uncertain`` are the paths at which ``readable`` may therefore differ from what was
    meant. ``renamed`` pairs the location of each corrected key with the location of the misspelled one in the file.
    """

    def __init__(self, document: dict[str, Any]) -> None:
        self.errors: list[Diagnostic] = []
        self.uncertain: list[KeyPath] = []
        self.renamed: list[tuple[Location, Location]] = []
        self._count = 0
        self.readable: dict[str, Any] = self._read(document, type_info(Rules), ROOT)
        if self._count > MAX_ERRORS:
            self.errors.append(error(ROOT, f"{self._count - MAX_ERRORS} more faults", "a rules file"))

    def in_source(self, contradiction: Diagnostic) -> Diagnostic | None:
        """Return a contradiction in ``readable`` with its location in the file.

        Return None if it depends on an uncertain path, since the intended rules may not contain it.
        """
        path, where, involves = contradiction.path, contradiction.where, list(contradiction.involves)
        for corrected, in_file in reversed(self.renamed):  # tables before their content
            if _within(path, corrected.path):
                where = in_file.text + where[len(corrected.text) :]
            path, *involves = (_moved(each, corrected.path, in_file.path) for each in (path, *involves))
        if any(_within(a, b) or _within(b, a) for a in (path, *involves) for b in self.uncertain):
            return None
        return replace(contradiction, path=path, where=where, involves=tuple(involves))

    def _read(self, value: Any, type_: inspect.Type, location: Location) -> Any:
        allowed = SchemaType(type_)
        match allowed.type, value:
            case inspect.StructType() as struct, dict():
                return self._struct(value, struct, location)
            case inspect.DictType() as mapping, dict():
                return self._mapping(value, mapping, location)
            case inspect.VarTupleType() as items, list() if len(value) >= (items.min_length or 0):
                return self._items(value, items, location)
            case inspect.VarTupleType(item_type=item), str() if allowed.alone and matches(value, SchemaType(item).type):
                return value
            case leaf, _ if matches(value, leaf):
                return value
        guess = suggest(value, allowed.type) if self._count < MAX_ERRORS else ""
        self._report(location, describe_value(value, allowed), describe_expected(allowed), guess)
        self.uncertain.append(location.path)
        return _NOTHING

    def _struct(self, value: dict[str, Any], struct: inspect.StructType, location: Location) -> dict[str, Any]:
        fields = {field.encode_name: field.type for field in struct.fields}
        readable: dict[str, Any] = {}
        for key, inner in value.items():
            name, key_location = key, location.key(key)
            if key in fields:
                read = self._read(inner, fields[key], key_location)
            else:
                name = self._report_unknown(key_location, key, fields)
                free = name in fields and name not in value and name not in readable
                read = self._read_misspelled(inner, fields[name], key_location) if free else _NOTHING
                if read is _NOTHING:
                    self.uncertain.append((*location.path, *(name or key).split(".")))
                else:
                    self.renamed.append((location.key(name), key_location))
            if read is not _NOTHING:
                readable[name] = read
        return readable

    def _report_unknown(self, location: Location, key: str, fields: dict[str, inspect.Type]) -> str:
        """Report an unknown key; return the probably intended key, of this table or of one within it, or ""."""
        guess = ""
        if self._count < MAX_ERRORS:  # guessing is slow, and further errors are not reported
            guess = _one_table_down(key, fields) or suggest_key(key, list(fields))
            guess = guess or _one_table_down(key, fields, suggest_key)
        self._report(location, "an unknown key", f"one of {', '.join(fields)}", guess)
        return guess

    def _read_misspelled(self, value: Any, type_: inspect.Type, location: Location) -> Any:
        count_before, reported_before = self._count, len(self.errors)
        read = self._read(value, type_, location)
        if read is _NOTHING:  # the guess was probably wrong: report only the key
            self._count = count_before
            del self.errors[reported_before:]
        return read

    def _mapping(self, value: dict[str, Any], mapping: inspect.DictType, location: Location) -> dict[str, Any]:
        readable = {}
        names = SchemaType(mapping.key_type)
        for key, inner in value.items():
            entry_location = location.entry(key)
            if not matches(key, names.type):
                self._report(entry_location, f"the name {quoted(key)}", describe_expected(names))
                self.uncertain.append(entry_location.path)
            elif (read := self._read(inner, mapping.value_type, entry_location)) is not _NOTHING:
                readable[key] = read
        return readable

    def _items(self, value: list[Any], items: inspect.VarTupleType, location: Location) -> Any:
        readable = [self._read(inner, items.item_type, location.item(i)) for i, inner in enumerate(value)]
        if isinstance(SchemaType(items.item_type).type, inspect.StructType):
            return [{} if read is _NOTHING else read for read in readable]  # so that the others keep their index
        return _NOTHING if any(read is _NOTHING for read in readable) else readable

    def _report(self, location: Location, found: str, expected: str, suggestion: str = "") -> None:
        self._count += 1
        if self._count <= MAX_ERRORS:
            self.errors.append(error(location, found, expected, suggestion=suggestion))


def _within(path: KeyPath, outer: KeyPath) -> bool:
    return path[: len(outer)] == outer


def _moved(path: KeyPath, old: KeyPath, new: KeyPath) -> KeyPath:
    return new + path[len(old) :] if _within(path, old) else path


def _exactly(key: str, keys: list[str]) -> str:
    return key if key in keys else ""


def _one_table_down(
    key: str, fields: dict[str, inspect.Type], match: Callable[[str, list[str]], str] = _exactly
) -> str:
    """Return the path of ``key`` in a table within this table, or ""."""
    for name, type_ in fields.items():
        inner = SchemaType(type_).type
        if isinstance(inner, inspect.StructType):
            inner_key = match(key, [field.encode_name for field in inner.fields])
            if inner_key:
                return f"{name}.{inner_key}"
    return ""
