"""Positions of keys and items as tree-sitter's grammar of TOML gives them: what others are compared with."""

import tomllib
from collections.abc import Iterator

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

from autotag.domain.rules.validation.problems import KeyPath
from autotag.domain.rules_text.positions import Position


class ParsedPositions:
    """The positions of keys and items in a text that is valid TOML."""

    def __init__(self, text: str) -> None:
        self._lines = text.encode().split(b"\n")
        self._positions: dict[KeyPath, Position] = {}
        self._blocks: dict[KeyPath, int] = {}
        for node in statements(text):
            match node.type:
                case "pair":
                    self._pair(node, ())
                case "table" | "table_array_element":
                    self._table(node)

    def __getitem__(self, steps: KeyPath) -> Position:
        """Return the position of ``steps``, or of the nearest enclosing table that the text contains."""
        while steps and steps not in self._positions:
            steps = steps[:-1]
        return self._positions.get(steps, Position(1, 1))

    def __iter__(self) -> Iterator[KeyPath]:
        """Iterate over every key path in the text."""
        return iter(self._positions)

    def _table(self, node: Node) -> None:
        header, *pairs = (child for child in node.named_children if child.type != "comment")
        *outer, (last, last_node) = keys(header)
        steps: KeyPath = ()
        for key, key_node in outer:
            steps = self._in_last_block(self._enter((*steps, key), key_node))
        steps = self._enter((*steps, last), last_node)
        if node.type == "table_array_element":
            index = self._blocks.get(steps, -1) + 1
            self._blocks[steps] = index
            steps = self._enter((*steps, index), last_node)
        for pair in pairs:
            self._pair(pair, steps)

    def _pair(self, node: Node, table: KeyPath) -> None:
        key, value = (child for child in node.named_children if child.type != "comment")
        steps = table
        for name, key_node in keys(key):
            steps = self._enter((*steps, name), key_node)
        self._value(value, steps)

    def _value(self, node: Node, steps: KeyPath) -> None:
        inner = [child for child in node.named_children if child.type != "comment"]
        if node.type == "inline_table":
            for pair in inner:
                self._pair(pair, steps)
        elif node.type == "array":
            for i, item in enumerate(inner):
                self._value(item, self._enter((*steps, i), item))

    def _in_last_block(self, steps: KeyPath) -> KeyPath:
        """Return ``steps``; for an array of tables, the path of its last table."""
        return (*steps, self._blocks[steps]) if steps in self._blocks else steps

    def _enter(self, steps: KeyPath, node: Node) -> KeyPath:
        if steps not in self._positions:
            row, column = node.start_point
            before = self._lines[row][:column].decode()
            self._positions[steps] = Position(row + 1, len(before) + 1)
        return steps


def statements(text: str) -> list[Node]:
    """Return the pairs, tables and comments of a text that is valid TOML."""
    return Parser(Language(tree_sitter_toml.language())).parse(text.encode()).root_node.named_children


def keys(node: Node) -> Iterator[tuple[str, Node]]:
    """Yield the parts of a key, dotted or not: each without quotes and escapes, with its node."""
    if node.type == "dotted_key":
        for child in node.named_children:
            yield from keys(child)
    else:
        written = (node.text or b"").decode()
        yield (written if node.type == "bare_key" else next(iter(tomllib.loads(f"{written} = 0"))), node)
