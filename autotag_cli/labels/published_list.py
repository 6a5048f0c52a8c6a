"""Reading a list of labels: as AWS publishes it, or as a CSV of one's own.

The names, columns and encodings of AWS's files were seen in AmazonRekognitionLabels_v3.0.zip, which is linked from
docs.aws.amazon.com/rekognition/latest/dg/labels.html.
"""

import csv
import io
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from autotag.domain.errors import Invalid
from autotag.domain.model.label_list import LabelList
from autotag.domain.model.labels import MAX_TAG_LENGTH, LabelRelations, forbidden_character, label_key
from autotag_cli.labels.list_files import read_files

_NAME = re.compile(r"AmazonRekognition(\w+?)_v(\d+(?:\.\d+)*)\.csv", re.IGNORECASE)
_ALL, _ALIASES, _CATEGORIES = "AllLabels", "AliasLabels", "LabelsCategoriesMapping"
_ALIAS_COLUMN = re.compile(r"alias \d+", re.IGNORECASE)

_Row = dict[str, str]
"""The fields of a line by their columns, in lower case and without space around them."""


def read_list(path: str) -> LabelList:
    """Read a list of labels from a zip, a folder or a CSV.

    Raises ``Invalid`` with what is missing or cannot be read: a file, a column, the encoding.
    """
    files = read_files(path)
    source = os.path.basename(os.path.normpath(path))
    named = {name: match for name in files if (match := _NAME.fullmatch(name))}
    if named:
        return _published(path, source, files, named)
    if Path(path).is_dir() or not files or next(iter(files)) != os.path.basename(path):
        raise Invalid(path, f"holds no AmazonRekognition{_ALL}_v….csv, expected the files of AWS's list")
    return _own(path, source, next(iter(files.values())))


def _published(path: str, source: str, files: Mapping[str, bytes], named: Mapping[str, re.Match[str]]) -> LabelList:
    models = sorted({match[2] for match in named.values()})
    if len(models) > 1:
        raise Invalid(path, f"holds files of the models {' and '.join(models)}, expected those of one")
    by_kind = {match[1].lower(): name for name, match in named.items()}
    for kind in (_ALL, _ALIASES, _CATEGORIES):
        if kind.lower() not in by_kind:
            raise Invalid(path, f"lacks AmazonRekognition{kind}_v{models[0]}.csv")

    def rows(kind: str, *columns: str) -> Iterator[_Row]:
        name = by_kind[kind.lower()]
        return _rows(f"{path}: {name}", files[name], columns)

    found = _Labels(path)
    for row in rows(_ALL, "label"):
        found.add(row["label"])
    for row in rows(_CATEGORIES, "label", "label category"):
        found.add(row["label"], categories=(row["label category"],))
    for row in rows(_ALIASES, "label", "alias 1"):
        found.add(row["label"], aliases=tuple(row[name] for name in row if _ALIAS_COLUMN.fullmatch(name)))
    return LabelList(models[0], source, found.relations())


def _own(path: str, source: str, data: bytes) -> LabelList:
    found = _Labels(path)
    for row in _rows(path, data, ("label", "category")):
        found.add(row["label"], categories=(row["category"],))
    return LabelList("", source, found.relations())


class _Labels:
    """Labels with what several lines say of them; two spellings of a label are one."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._found: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {}

    def add(self, name: str, *, aliases: tuple[str, ...] = (), categories: tuple[str, ...] = ()) -> None:
        """Add a line; a line without a label says nothing."""
        if not name:
            return
        _, known_aliases, known_categories = self._found.setdefault(label_key(name), (name, {}, {}))
        known_aliases.update((label_key(each), each) for each in aliases if each)
        known_categories.update((label_key(each), each) for each in categories if each)

    def relations(self) -> dict[str, LabelRelations]:
        """Return the labels in the order of their names. Raises ``Invalid`` if there are none."""
        if not self._found:
            raise Invalid(self._path, "holds no label")
        return {
            name: LabelRelations(aliases=tuple(aliases.values()), categories=tuple(categories.values()))
            for name, aliases, categories in sorted(self._found.values(), key=lambda each: each[0])
        }


def _rows(file: str, data: bytes, columns: tuple[str, ...]) -> Iterator[_Row]:
    """Yield the lines of a CSV. Raises ``Invalid`` if a column is missing or a line cannot be read."""
    lines = csv.reader(io.StringIO(_text(file, data), newline=""), strict=True)
    try:
        head = [name.strip().lower() for name in next(lines, [])]
        for column in columns:
            if column not in head:
                raise Invalid(file, f"lacks the column {column.title()!r}")
        for fields in lines:
            row = dict.fromkeys(head, "") | dict(zip(head, map(str.strip, fields), strict=False))
            for text in row.values():
                if len(text) > MAX_TAG_LENGTH or forbidden_character(text):
                    raise Invalid(f"{file}, line {lines.line_num}", "expected names of visible characters")
            yield row
    except csv.Error as error:
        raise Invalid(f"{file}, line {lines.line_num}", f"is no CSV ({error})") from error


def _text(file: str, data: bytes) -> str:
    """Return the text of a file: UTF-8, or Windows-1252, which one of AWS's files has."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(file, "expected UTF-8 or Windows-1252")
