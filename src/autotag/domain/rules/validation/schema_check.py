"""The schema check of a document: finds every error at once, and the part that can be read in spite of them."""

from collections.abc import Callable
from typing import Any

from msgspec import inspect
from msgspec.structs import replace

from autotag.domain.rules.schema import Rules
from autotag.domain.rules.validation.messages import expected, found, meant, meant_key
from autotag.domain.rules.validation.problems import MAX_ERRORS, ROOT, Diagnostic, KeyPath, Location, error, quoted
from autotag.domain.rules.validation.schema_types import Kind, fits

_NOTHING: Any = object()


class Conformance:
    """One walk over a document along the types of the schema.

    ``readable`` is the document without the values that cannot be read, and with misspelled keys replaced by the keys
    that were probably meant. ``doubtful`` are the places where ``readable`` may therefore differ from what was meant.
    ``renamed`` pairs the corrected place of each misspelled key with its place in the file.
    """

    def __init__(self, document: dict[str, Any]) -> None:
        self.errors: list[Diagnostic] = []
        self.doubtful: list[KeyPath] = []
        self.renamed: list[tuple[Location, Location]] = []
        self._count = 0
        self.readable: dict[str, Any] = self._read(document, inspect.type_info(Rules), ROOT)
        if self._count > MAX_ERRORS:
            self.errors.append(error(ROOT, f"{self._count - MAX_ERRORS} more faults", "a rules file"))

    def holds(self, contradiction: Diagnostic) -> Diagnostic | None:
        """Return a contradiction in ``readable`` with its place in the file.

        Return None if it depends on a doubtful place, since the intended rules may not contain it.
        """
        result = contradiction
        for corrected, in_file in reversed(self.renamed):  # tables before their content
            if _within(result.path, corrected.path):
                where = in_file.text + result.where[len(corrected.text) :]
                result = replace(result, path=in_file.path + result.path[len(corrected.path) :], where=where)
            involves = tuple(
                in_file.path + path[len(corrected.path) :] if _within(path, corrected.path) else path
                for path in result.involves
            )
            result = replace(result, involves=involves)
        depends_on = (result.path, *result.involves)
        doubtful = any(_within(a, b) or _within(b, a) for a in depends_on for b in self.doubtful)
        return None if doubtful else result

    def _read(self, value: Any, type_: inspect.Type, location: Location) -> Any:
        kind = Kind(type_)
        match kind.type, value:
            case inspect.StructType() as struct, dict():
                return self._struct(value, struct, location)
            case inspect.DictType() as mapping, dict():
                return self._mapping(value, mapping, location)
            case inspect.VarTupleType() as items, list() if len(value) >= (items.min_length or 0):
                return self._items(value, items, location)
            case leaf, _ if fits(value, leaf):
                return value
        guess = meant(value, kind.type) if self._count < MAX_ERRORS else ""
        self._report(location, found(value, kind), expected(kind), guess)
        self.doubtful.append(location.path)
        return _NOTHING

    def _struct(self, value: dict[str, Any], struct: inspect.StructType, location: Location) -> dict[str, Any]:
        fields = {field.encode_name: field.type for field in struct.fields}
        readable: dict[str, Any] = {}
        for key, inner in value.items():
            name, key_location = key, location.key(key)
            if key in fields:
                read = self._read(inner, fields[key], key_location)
            else:
                name = self._unknown(key_location, key, fields)
                free = name in fields and name not in value and name not in readable
                read = self._attempt(inner, fields[name], key_location) if free else _NOTHING
                if read is _NOTHING:
                    self.doubtful.append((*location.path, *(name or key).split(".")))
                else:
                    self.renamed.append((location.key(name), key_location))
            if read is not _NOTHING:
                readable[name] = read
        return readable

    def _unknown(self, location: Location, key: str, fields: dict[str, inspect.Type]) -> str:
        """Report an unknown key; return the probably intended key, of this table or of one within it, or ""."""
        guess = ""
        if self._count < MAX_ERRORS:  # guessing is slow, and further errors are not reported
            guess = _one_table_down(key, fields) or meant_key(key, list(fields))
            guess = guess or _one_table_down(key, fields, meant_key)
        self._report(location, "an unknown key", f"one of {', '.join(fields)}", guess)
        return guess

    def _attempt(self, value: Any, type_: inspect.Type, location: Location) -> Any:
        count_before, reported_before = self._count, len(self.errors)
        read = self._read(value, type_, location)
        if read is _NOTHING:  # the guess was probably wrong: report only the key
            self._count = count_before
            del self.errors[reported_before:]
        return read

    def _mapping(self, value: dict[str, Any], mapping: inspect.DictType, location: Location) -> dict[str, Any]:
        readable = {}
        names = Kind(mapping.key_type)
        for key, inner in value.items():
            entry_location = location.entry(key)
            if not fits(key, names.type):
                self._report(entry_location, f"the name {quoted(key)}", expected(names))
                self.doubtful.append(entry_location.path)
            elif (read := self._read(inner, mapping.value_type, entry_location)) is not _NOTHING:
                readable[key] = read
        return readable

    def _items(self, value: list[Any], items: inspect.VarTupleType, location: Location) -> Any:
        readable = [self._read(inner, items.item_type, location.item(i)) for i, inner in enumerate(value)]
        if isinstance(Kind(items.item_type).type, inspect.StructType):
            return [{} if read is _NOTHING else read for read in readable]  # so that the others keep their index
        return _NOTHING if any(read is _NOTHING for read in readable) else readable

    def _report(self, location: Location, what: str, instead: str, suggestion: str = "") -> None:
        self._count += 1
        if self._count <= MAX_ERRORS:
            self.errors.append(error(location, what, instead, suggestion=suggestion))


def _within(path: KeyPath, outer: KeyPath) -> bool:
    return path[: len(outer)] == outer


def _exactly(key: str, keys: list[str]) -> str:
    return key if key in keys else ""


def _one_table_down(
    key: str, fields: dict[str, inspect.Type], match: Callable[[str, list[str]], str] = _exactly
) -> str:
    """Return the path of ``key`` in a table within this table, or ""."""
    for name, type_ in fields.items():
        inner = Kind(type_).type
        if isinstance(inner, inspect.StructType):
            found = match(key, [field.encode_name for field in inner.fields])
            if found:
                return f"{name}.{found}"
    return ""
