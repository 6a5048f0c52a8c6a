"""Values as bytes; ``reader`` reads them."""

import struct
from collections.abc import Mapping, Sequence
from typing import Any

from autotag.adapters.aws.dynamodb.codec.tags import Column, Tag
from autotag.adapters.aws.dynamodb.codec.texts import is_hex, milliseconds, parts, quoted, whole_number

LARGE = 1 << 32
"""Whole numbers from here on are moments: unix milliseconds."""

_TEN_THOUSAND = 10_000
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n"})


class Writer:
    """Writes one value; ``known`` are texts that the reader knows, too."""

    def __init__(self, known: Mapping[str, int]) -> None:
        self._places = dict(known)
        self._texts: list[str] = []
        self._lowers: dict[str, int] = {}
        self._hexes: dict[str, int] = {}
        self._last = 0
        self._out = bytearray()

    def finish(self) -> bytes:
        """Return the lists of texts and hex numbers, and the values that were written."""
        values, self._out = self._out, bytearray()
        self._number(len(self._hexes))
        for digits in self._hexes:
            self._number(len(digits) // 2)
        self._out += bytes.fromhex("".join(self._hexes))
        texts = "\n".join(text.translate(_ESCAPES) for text in self._texts).encode()
        self._number(len(self._texts))
        self._number(len(texts))
        return bytes(self._out + texts + values)

    def write(self, value: Any) -> None:
        """Write a value of JSON, or bytes; a tuple is written as a list."""
        kind = type(value)
        if kind is str:
            self._text(value)
        elif kind is int:
            self._int(value)
        elif value is None or kind is bool:
            self._out.append({None: Tag.NULL, True: Tag.TRUE, False: Tag.FALSE}[value])
        elif kind is float:
            self._out.append(Tag.FLOAT)
            self._out += struct.pack("<d", value)
        elif kind is dict:
            self._dict(value)
        elif kind is bytes:
            self._out.append(Tag.BYTES)
            self._number(len(value))
            self._out += value
        else:
            self._list(value)

    def _number(self, number: int) -> None:
        out = self._out
        while number > 0x7F:
            out.append(number & 0x7F | 0x80)
            number >>= 7
        out.append(number)

    def _signed(self, number: int) -> None:
        self._number(number * 2 if number >= 0 else -2 * number - 1)

    def _place(self, text: str) -> int:
        place = self._places.get(text)
        if place is None:
            place = self._places[text] = len(self._places)
            self._texts.append(text)
            if text.isascii() and (lower := text.lower()) != text:  # Unicode may change other letters
                self._lowers.setdefault(lower, place)
        return place

    def _int(self, value: int) -> None:
        if abs(value) < LARGE:
            self._out.append(Tag.INT)
            self._signed(value)
        else:
            self._out.append(Tag.MOMENT)
            self._moment(value)

    def _moment(self, value: int) -> None:
        self._signed(value - self._last)
        self._last = value

    def _text(self, text: str) -> None:
        if text in self._places:
            self._out.append(Tag.TEXT)
            self._number(self._places[text])
        elif text in self._lowers:
            self._out.append(Tag.LOWER)
            self._number(self._lowers[text])
        elif (named := self._quoted(text)) is not None:
            self._out.append(Tag.QUOTED)
            for part in named:
                self._number(self._place(part))
        elif is_hex(text):
            self._out.append(Tag.HEX)
            self._number(self._hexes.setdefault(text, len(self._hexes)))
        elif (at := milliseconds(text)) is not None:
            self._out.append(Tag.TIME)
            self._moment(at)
        elif (found := parts(text)) is not None:
            self._out.append(Tag.JOINED)
            self._out.append(ord(found[1]))
            for part in (found[0], found[2]):
                number = whole_number(part)
                self.write(part if number is None else number)
        else:
            self._out.append(Tag.TEXT)
            self._number(self._place(text))

    def _quoted(self, text: str) -> tuple[str, str, str] | None:
        """Return the parts of a text that names another one in quotes, such as the path of a label's rule."""
        found = quoted(text) if '"' in text else None
        return found if found is not None and found[1] in self._places else None

    def _dict(self, value: dict[str, Any]) -> None:
        inner = list(value.values())
        if len(inner) > 1 and _alike(inner):
            self._begin(Tag.RECORDS, len(inner))
            self._column(list(value))
            self._rows(inner)
        elif len(inner) > 2 and len({type(each) for each in inner}) == 1 and type(inner[0]) is not dict:
            self._begin(Tag.PAIRS, len(inner))
            self._column(list(value))
            self._column(inner)
        else:
            self._begin(Tag.DICT, len(inner))
            for name, each in value.items():
                self._number(self._place(name))
                self.write(each)

    def _list(self, value: Sequence[Any]) -> None:
        if len(value) < 2:
            self._begin(Tag.LIST, len(value))
            for each in value:
                self.write(each)
        elif _alike(value):
            self._begin(Tag.TABLE, len(value))
            self._rows(value)
        elif all(type(each) in (list, tuple) and len(each) == len(value[0]) for each in value) and value[0]:
            self._begin(Tag.MATRIX, len(value))
            self._number(len(value[0]))
            for place in range(len(value[0])):
                self._column([each[place] for each in value])
        else:
            self._begin(Tag.COLUMN, len(value))
            self._column(value)

    def _begin(self, tag: Tag, number: int) -> None:
        self._out.append(tag)
        self._number(number)

    def _rows(self, rows: Sequence[dict[str, Any]]) -> None:
        self._number(len(rows[0]))
        for name in rows[0]:
            self._number(self._place(name))
        for name in rows[0]:
            self._column([row[name] for row in rows])

    def _column(self, values: Sequence[Any]) -> None:
        """Write two or more values."""
        first, kinds = values[0], {type(each) for each in values}
        if len(kinds) == 1 and type(first) is not float and all(each == first for each in values) and _plain(first):
            self._out.append(Column.SAME)
            self.write(first)
        elif kinds == {str}:
            self._texts_of(values)
        elif kinds == {int}:
            self._out.append(Column.INTS)
            before = self._last
            for each in values:
                self._signed(each - before)
                before = each
        elif kinds == {float} and (tenths := _tenths(values)) is not None:
            self._out.append(Column.TENTHS)
            before = _TEN_THOUSAND
            for each in tenths:
                self._signed(before - each)
                before = each
        elif kinds <= {list, tuple} and all(len(each) == 1 for each in values):
            self._out.append(Column.SINGLES)
            self._column([each[0] for each in values])
        else:
            self._out.append(Column.ANY)
            for each in values:
                self.write(each)

    def _texts_of(self, values: Sequence[str]) -> None:
        if all(each in self._lowers and each not in self._places for each in values):
            self._out.append(Column.LOWERS)
            for each in values:
                self._number(self._lowers[each])
            return
        if any(each not in self._places and (self._quoted(each) or _has_form(each)) for each in values):
            self._out.append(Column.ANY)
            for each in values:
                self._text(each)
            return
        self._out.append(Column.TEXTS)
        for each in values:
            self._number(self._place(each))


def _alike(values: Sequence[Any]) -> bool:
    first = values[0]
    return (
        type(first) is dict and bool(first) and all(type(each) is dict and list(each) == list(first) for each in values)
    )


def _plain(value: Any) -> bool:
    """Return whether equal values are the same: 1 == True, but not within lists and mappings of one type only."""
    return type(value) in (str, int, bool, bytes, type(None))


def _has_form(text: str) -> bool:
    return len(text) > 11 and (is_hex(text) or milliseconds(text) is not None or parts(text) is not None)


def _tenths(values: Sequence[float]) -> list[int] | None:
    """Return confidences as ten-thousandths, or None if one of them is no such number. (-0.0 is none.)"""
    if not all(0 < each <= 1 or str(each) == "0.0" for each in values):
        return None
    found = [round(each * _TEN_THOUSAND) for each in values]
    return found if all(tenth / _TEN_THOUSAND == each for tenth, each in zip(found, values, strict=True)) else None
