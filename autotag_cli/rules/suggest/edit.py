"""Edits of thresholds in the text of a rules file: comments, order and spelling stay as they are."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from msgspec.structs import replace
from tree_sitter import Node

from autotag.domain.errors import Invalid
from autotag.domain.model.labels import label_key
from autotag.domain.rules.parse import parse_rules
from autotag.domain.rules.schema import LabelRule, Rules
from autotag_cli.errors import Failure
from autotag_cli.input.rules_positions import keys, statements

Steps = tuple[str, ...]

_LABELS = "labels"
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def with_thresholds(text: str, thresholds: Mapping[str, float]) -> str:
    """Return the rules in ``text`` with ``thresholds``, by the names of labels, in place of the labels' present ones.

    Raises ``Invalid`` if ``text`` is no valid rules file, ``Failure`` if it cannot be edited.
    """
    expected = _with_thresholds(parse_rules(text), thresholds)
    edited = _edited(text.removeprefix("\ufeff"), thresholds)
    try:
        if parse_rules(edited) == expected:
            return edited
    except Invalid as error:
        raise Failure(f"the text of the rules cannot be edited ({error}): enter the thresholds by hand") from error
    raise Failure("the text of the rules cannot be edited: enter the thresholds by hand")


class _Edit(NamedTuple):
    """A replacement for the bytes from ``start`` to ``end``. Of several at one place, a new ``table`` comes last."""

    start: int
    end: int
    text: str
    table: bool = False


class _Entry(NamedTuple):
    """A pair (``node`` is its value) or a table at ``steps``.

    ``line_end``: the end of its line (of a table: of its header). ``content_end``: the end of its last line with
    content. ``key_prefix``: the prefix of a further key on the next line; None if a key cannot be added there.
    """

    steps: Steps
    node: Node
    line_end: int
    content_end: int
    key_prefix: str | None


def _edited(text: str, thresholds: Mapping[str, float]) -> str:
    raw = text.encode()
    line = "\r\n" if b"\r\n" in raw else "\n"
    entries = [entry for entry in _entries(text, raw) if entry.steps[0] == _LABELS]
    edits = [_edit(entries, name, threshold, line, len(raw)) for name, threshold in thresholds.items()]
    edits.sort(key=lambda edit: (edit.start, edit.table))
    for edit in reversed(edits):  # from the end, so that earlier offsets stay valid
        raw = raw[: edit.start] + edit.text.encode() + raw[edit.end :]
    return raw.decode()


def _edit(entries: list[_Entry], name: str, threshold: float, line: str, end: int) -> _Edit:
    key, setting = label_key(name), f"threshold = {threshold!r}"
    own = [entry for entry in entries if len(entry.steps) > 1 and label_key(entry.steps[1]) == key]
    for entry in own:
        if entry.steps[2:] == ("threshold",):
            return _Edit(entry.node.start_byte, entry.node.end_byte, repr(threshold))
    for entry in own:
        if len(entry.steps) == 2 and entry.node.type == "inline_table":
            return _insert_pair(entry.node, setting)
        if entry.key_prefix is not None:
            return _Edit(entry.line_end, entry.line_end, f"{line}{entry.key_prefix}{setting}")
    for entry in entries:
        if entry.steps == (_LABELS,) and entry.node.type == "inline_table":
            return _insert_pair(entry.node, f"{_quoted(name)} = {{ {setting} }}")
    tables = [entry for entry in entries if entry.node.type == "table"]
    if tables:
        at = max(entry.content_end for entry in tables)
        return _Edit(at, at, f"{line}{line}[{_LABELS}.{_quoted(name)}]{line}{setting}", table=True)
    dotted = [entry for entry in entries if entry.key_prefix is not None]
    if dotted:
        at = max(entry.line_end for entry in dotted)
        return _Edit(at, at, f"{line}{_LABELS}.{_quoted(name)}.{setting}")
    return _Edit(end, end, f"{line}[{_LABELS}.{_quoted(name)}]{line}{setting}{line}")


def _insert_pair(table: Node, pair: str) -> _Edit:
    at = table.start_byte + 1
    if not table.named_children:
        return _Edit(at, at, f" {pair} ")
    spaced = (table.text or b"")[1:2].isspace()
    return _Edit(at, at, f" {pair}," if spaced else f"{pair}, ")


def _entries(text: str, raw: bytes) -> Iterator[_Entry]:
    """Yield all pairs and table headers, except those of arrays of tables."""

    def end_of_line(node: Node) -> int:
        line_break = raw.find(b"\n", node.end_byte)
        end = len(raw) if line_break < 0 else line_break
        return end - 1 if raw[end - 1 : end] == b"\r" else end

    def pair(node: Node, table: Steps, lines: bool) -> Iterator[_Entry]:
        key, value = (child for child in node.named_children if child.type != "comment")
        parts = list(keys(key))
        steps = (*table, *(name for name, _ in parts))
        *outer, _ = parts
        dotted = lines and len(steps) == 3 and bool(outer)
        prefix = raw[key.start_byte : outer[-1][1].end_byte].decode() + "." if dotted else None
        yield _Entry(steps, value, end_of_line(node), end_of_line(node), prefix)
        if value.type == "inline_table":
            for inner in value.named_children:
                yield from pair(inner, steps, lines=False)

    for node in statements(text):
        if node.type == "pair":
            yield from pair(node, (), lines=True)
        elif node.type == "table":
            header, *pairs = (child for child in node.named_children if child.type != "comment")
            steps = tuple(name for name, _ in keys(header))
            last = end_of_line(pairs[-1] if pairs else header)
            yield _Entry(steps, node, end_of_line(header), last, "" if len(steps) == 2 else None)
            for each in pairs:
                yield from pair(each, steps, lines=True)


def _quoted(name: str) -> str:
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False).replace("\x7f", "\\u007f")


def _with_thresholds(rules: Rules, thresholds: Mapping[str, float]) -> Rules:
    spelled = {label_key(name): name for name in rules.labels}
    labels = dict(rules.labels)
    for name, threshold in thresholds.items():
        name = spelled.get(label_key(name), name)
        labels[name] = replace(labels.get(name, LabelRule()), threshold=threshold)
    return replace(rules, labels=labels)
