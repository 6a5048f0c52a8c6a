"""Positions of keys and items in the text of a rules file."""

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from autotag.domain.rules.validation.problems import KeyPath
from autotag.domain.rules_text.statements import Header, Key, Pair, Value, statements


class Position(NamedTuple):
    """A line and a column, both from 1; columns count characters."""

    line: int
    column: int


class Positions:
    """The positions of keys and items in a text that is valid TOML and has no byte order mark."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(i + 1 for i, character in enumerate(text) if character == "\n")]
        self._positions: dict[KeyPath, Position] = {}
        self._blocks: dict[KeyPath, int] = {}
        table: KeyPath = ()
        for statement in statements(text):
            match statement:
                case Header():
                    table = self._table(statement)
                case Pair():
                    self._pair(statement, table)

    def __getitem__(self, steps: KeyPath) -> Position:
        """Return the position of ``steps``, or of the nearest enclosing table that the text contains."""
        while steps and steps not in self._positions:
            steps = steps[:-1]
        return self._positions.get(steps, Position(1, 1))

    def __iter__(self) -> Iterator[KeyPath]:
        """Iterate over every key path in the text."""
        return iter(self._positions)

    def _table(self, header: Header) -> KeyPath:
        *outer, last = header.keys
        steps: KeyPath = ()
        for key in outer:
            steps = self._in_last_block(self._enter_key(steps, key))
        steps = self._enter_key(steps, last)
        if not header.block:
            return steps
        index = self._blocks.get(steps, -1) + 1
        self._blocks[steps] = index
        return self._enter((*steps, index), last.start)

    def _pair(self, pair: Pair, table: KeyPath) -> None:
        steps = table
        for key in pair.keys:
            steps = self._enter_key(steps, key)
        self._value(pair.value, steps)

    def _value(self, value: Value, steps: KeyPath) -> None:
        for pair in value.pairs:
            self._pair(pair, steps)
        for i, item in enumerate(value.items):
            self._value(item, self._enter((*steps, i), item.start))

    def _in_last_block(self, steps: KeyPath) -> KeyPath:
        """Return ``steps``; for an array of tables, the path of its last table."""
        return (*steps, self._blocks[steps]) if steps in self._blocks else steps

    def _enter_key(self, table: KeyPath, key: Key) -> KeyPath:
        return self._enter((*table, key.name), key.start)

    def _enter(self, steps: KeyPath, at: int) -> KeyPath:
        if steps not in self._positions:
            line = bisect_right(self._starts, at)
            self._positions[steps] = Position(line, at - self._starts[line - 1] + 1)
        return steps
