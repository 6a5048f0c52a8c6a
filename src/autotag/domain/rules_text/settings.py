"""Edits of single settings in the text of a rules file: comments, order and spelling stay as they are."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from autotag.domain.model.labels import label_key
from autotag.domain.rules_text.statements import Header, Pair, Value, statements

Steps = tuple[str, ...]

_LABELS = "labels"
_BARE = re.compile(r"[A-Za-z0-9_-]+")


class Setting(NamedTuple):
    """The ``key`` to set in the table at ``table``, and the ``value``, both as TOML.

    The second step of ``("labels", "Dog")`` is the name of a label in any spelling.
    """

    table: Steps
    key: str
    value: str


class Edit(NamedTuple):
    """A replacement of the text from ``start`` to ``end``. Of several at one place, a new ``table`` comes last."""

    start: int
    end: int
    text: str
    table: bool = False


class Entry(NamedTuple):
    """A pair (``value`` is its value) or a table at ``steps``.

    ``line_end``: the end of its line (of a table: of its header). ``content_end``: the end of its last line with
    content. ``key_prefix``: the prefix of a further key on the next line; None if a key cannot be added there.
    """

    steps: Steps
    value: Value | None
    line_end: int
    content_end: int
    key_prefix: str | None


def with_settings(text: str, settings: Iterable[Setting]) -> str:
    """Return the rules in ``text``, which are valid TOML without a byte order mark, with these settings."""
    entries = list(entries_of(text))
    return apply(text, [_edit(text, entries, setting) for setting in settings])


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Return ``text`` with ``edits``, none of which touches another."""
    ordered = sorted(edits, key=lambda edit: (edit.start, edit.table))
    for edit in reversed(ordered):  # from the end, so that earlier offsets stay valid
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def entries_of(text: str) -> Iterator[Entry]:
    """Yield all pairs and table headers, except those of arrays of tables."""
    header: Header | None = None
    pairs: list[Pair] = []
    for statement in (*statements(text), None):
        if isinstance(statement, Pair):
            pairs.append(statement)
            continue
        yield from _table_entries(text, header, pairs)
        header, pairs = statement, []


def _table_entries(text: str, header: Header | None, pairs: list[Pair]) -> Iterator[Entry]:
    if header is not None and header.block:
        return
    steps: Steps = tuple(key.name for key in header.keys) if header else ()
    if header is not None:
        last = _line_end(text, pairs[-1].value.end if pairs else header.end)
        yield Entry(steps, None, _line_end(text, header.end), last, "")
    for pair in pairs:
        yield from _pair_entries(text, pair, steps, lines=True)


def _pair_entries(text: str, pair: Pair, table: Steps, *, lines: bool) -> Iterator[Entry]:
    *outer, _ = pair.keys
    steps = (*table, *(key.name for key in pair.keys))
    prefix = f"{text[pair.keys[0].start : outer[-1].end]}." if lines and outer else None
    end = _line_end(text, pair.value.end)
    yield Entry(steps, pair.value, end, end, prefix)
    for inner in pair.value.pairs:
        yield from _pair_entries(text, inner, steps, lines=False)


def _line_end(text: str, at: int) -> int:
    line_break = text.find("\n", at)
    end = len(text) if line_break < 0 else line_break
    return end - 1 if text[end - 1 : end] == "\r" else end


def _edit(text: str, entries: list[Entry], setting: Setting) -> Edit:
    line = "\r\n" if "\r\n" in text else "\n"
    table, assignment = _folded(setting.table), f"{setting.key} = {setting.value}"
    root = [entry for entry in entries if entry.steps[0] == table[0]]
    own = [entry for entry in root if _folded(entry.steps[: len(table)]) == table]
    for entry in own:
        if entry.value is not None and entry.steps[len(table) :] == (setting.key,):
            return Edit(entry.value.start, entry.value.end, setting.value)
    for entry in own:
        if len(entry.steps) == len(table) and entry.value is not None:
            return _insert_pair(text, entry.value, assignment)
        # a key may follow the header of the table itself, or a dotted key in it
        if entry.key_prefix is not None and len(entry.steps) == len(table) + (entry.value is not None):
            return Edit(entry.line_end, entry.line_end, f"{line}{entry.key_prefix}{assignment}")
    return _new_table(text, entries, root, setting, line)


def _new_table(text: str, entries: list[Entry], root: list[Entry], setting: Setting, line: str) -> Edit:
    path, assignment = ".".join(map(quoted, setting.table)), f"{setting.key} = {setting.value}"
    for entry in root:
        if len(setting.table) > 1 and entry.steps == setting.table[:1] and entry.value is not None:
            return _insert_pair(text, entry.value, f"{quoted(setting.table[1])} = {{ {assignment} }}")
    tables = [entry for entry in root if entry.value is None]
    if tables:
        at = max(entry.content_end for entry in tables)
        return Edit(at, at, f"{line}{line}[{path}]{line}{assignment}", table=True)
    dotted = [entry for entry in root if entry.key_prefix is not None]
    if dotted:
        at = max(entry.line_end for entry in dotted)
        return Edit(at, at, f"{line}{path}.{assignment}")
    if setting.table[0] == _LABELS:
        return Edit(len(text), len(text), f"{line}[{path}]{line}{assignment}{line}")
    return _first_table(text, entries, f"[{path}]{line}{assignment}", line)


def _first_table(text: str, entries: list[Entry], table: str, line: str) -> Edit:
    """Return the edit that puts a table behind the keys of the file itself, before all other tables."""
    header = next((each for each in statements(text) if isinstance(each, Header)), None)
    pairs = [each for each in entries if each.value is not None and (header is None or each.line_end <= header.start)]
    if pairs:
        at = max(entry.line_end for entry in pairs)
        return Edit(at, at, f"{line}{line}{table}", table=True)
    if header is None:
        return Edit(len(text), len(text), f"{line if text else ''}{table}{line}", table=True)
    at = _above_comments(text, text.rfind("\n", 0, header.start) + 1)
    return Edit(at, at, f"{table}{line}{line}", table=True)


def _above_comments(text: str, at: int) -> int:
    """Return the start of the comments right above the line at ``at``; of those that begin the file, ``at`` itself."""
    above = at
    while above > 0:
        start = text.rfind("\n", 0, above - 1) + 1
        if not text[start:above].lstrip().startswith("#"):
            return above
        above = start
    return at


def _insert_pair(text: str, table: Value, pair: str) -> Edit:
    at = table.start + 1
    if not table.pairs:
        return Edit(at, at, f" {pair} ")
    return Edit(at, at, f" {pair}," if text[at : at + 1].isspace() else f"{pair}, ")


def quoted(name: str) -> str:
    """Return ``name`` as a key in TOML."""
    return name if _BARE.fullmatch(name) else toml_text(name)


def toml_text(text: str) -> str:
    """Return ``text`` as a string in TOML."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _folded(steps: Steps) -> Steps:
    return (_LABELS, label_key(steps[1]), *steps[2:]) if len(steps) > 1 and steps[0] == _LABELS else steps
