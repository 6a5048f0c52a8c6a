"""Values from bytes that ``writer`` wrote."""

import re
import struct
from collections.abc import Callable, Sequence
from typing import Any

from autotag.adapters.aws.dynamodb.codec.tags import Column, Tag
from autotag.adapters.aws.dynamodb.codec.texts import time_of

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_TEN_THOUSAND = 10_000
_LONGEST = 1_000_000
"""Values of a column, at the most: more fit into no item."""


class Reader:
    """Reads one value. ``known`` are the texts that the writer knew.

    Raises ``ValueError`` or ``IndexError`` for bytes that no writer wrote.
    """

    def __init__(self, data: bytes, known: Sequence[str]) -> None:
        self._data, self._at, self._last = data, 0, 0
        lengths = [self._number() for _ in range(self._number())]
        self._hexes = [self._take(length).hex() for length in lengths]
        count, length = self._number(), self._number()
        texts = self._take(length).decode()
        found = texts.split("\n") if count else []
        if len(found) != count:
            raise ValueError("the list of texts is torn")
        if "\\" in texts:
            found = [_ESCAPED.sub(_unescaped, text) for text in found]
        self._texts = [*known, *found]
        self._readers: dict[int, Callable[[], Any]] = {
            Tag.NULL: lambda: None,
            Tag.TRUE: lambda: True,
            Tag.FALSE: lambda: False,
            Tag.INT: self._signed,
            Tag.MOMENT: self._moment,
            Tag.FLOAT: lambda: struct.unpack("<d", self._take(8))[0],
            Tag.TEXT: lambda: self._texts[self._number()],
            Tag.LOWER: lambda: self._texts[self._number()].lower(),
            Tag.HEX: lambda: self._hexes[self._number()],
            Tag.JOINED: self._joined,
            Tag.TIME: lambda: time_of(self._moment()),
            Tag.BYTES: lambda: self._take(self._number()),
            Tag.LIST: lambda: [self.read() for _ in range(self._number())],
            Tag.COLUMN: lambda: self._column(self._number()),
            Tag.MATRIX: self._matrix,
            Tag.TABLE: lambda: self._rows(self._number()),
            Tag.DICT: self._dict,
            Tag.PAIRS: self._pairs,
            Tag.RECORDS: self._records,
            Tag.QUOTED: self._quoted,
        }

    def read(self) -> Any:
        """Return the next value."""
        tag = self._data[self._at]
        self._at += 1
        reader = self._readers.get(tag)
        if reader is None:
            raise ValueError(f"there is no value of kind {tag}")
        return reader()

    def is_at_end(self) -> bool:
        """Return whether nothing follows."""
        return self._at == len(self._data)

    def _take(self, length: int) -> bytes:
        found = self._data[self._at : self._at + length]
        if len(found) != length:
            raise ValueError("bytes are missing")
        self._at += length
        return found

    def _number(self) -> int:
        data, at = self._data, self._at
        byte = data[at]
        at += 1
        number, shift = byte & 0x7F, 7
        while byte > 0x7F:
            byte = data[at]
            at += 1
            number |= (byte & 0x7F) << shift
            shift += 7
        self._at = at
        return number

    def _signed(self) -> int:
        number = self._number()
        return -(number + 1 >> 1) if number & 1 else number >> 1

    def _moment(self) -> int:
        self._last += self._signed()
        return self._last

    def _joined(self) -> str:
        separator = chr(self._take(1)[0])
        before = self.read()
        return f"{before}{separator}{self.read()}"

    def _quoted(self) -> str:
        before, inner, after = (self._texts[self._number()] for _ in range(3))
        return f'{before}"{inner}"{after}'

    def _dict(self) -> dict[str, Any]:
        found = {}
        for _ in range(self._number()):
            name = self._texts[self._number()]
            found[name] = self.read()
        return found

    def _pairs(self) -> dict[str, Any]:
        number = self._number()
        names = self._column(number)
        return dict(zip(names, self._column(number), strict=True))

    def _records(self) -> dict[str, Any]:
        number = self._number()
        names = self._column(number)
        return dict(zip(names, self._rows(number), strict=True))

    def _matrix(self) -> list[list[Any]]:
        number = self._number()
        columns = [self._column(number) for _ in range(self._number())]
        return [list(row) for row in zip(*columns, strict=True)]

    def _rows(self, number: int) -> list[dict[str, Any]]:
        names = [self._texts[self._number()] for _ in range(self._number())]
        columns = [self._column(number) for _ in names]
        return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]

    def _column(self, number: int) -> list[Any]:
        kind = self._data[self._at]
        self._at += 1
        match kind:
            case Column.SAME:
                if number > _LONGEST:
                    raise ValueError("a column is longer than anything that was written")
                return [self.read()] * number
            case Column.ANY:
                return [self.read() for _ in range(number)]
            case Column.TEXTS:
                return [self._texts[self._number()] for _ in range(number)]
            case Column.LOWERS:
                return [self._texts[self._number()].lower() for _ in range(number)]
            case Column.INTS:
                return self._differences(number, self._last)
            case Column.TENTHS:
                return [tenth / _TEN_THOUSAND for tenth in self._differences(number, _TEN_THOUSAND, -1)]
            case Column.SINGLES:
                return [[each] for each in self._column(number)]
        raise ValueError(f"there is no column of kind {kind}")

    def _differences(self, number: int, before: int, direction: int = 1) -> list[int]:
        found = []
        for _ in range(number):
            before += direction * self._signed()
            found.append(before)
        return found


def _unescaped(match: re.Match[str]) -> str:
    return "\n" if match[1] == "n" else match[1]
