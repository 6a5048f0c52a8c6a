"""Where a caret stands in the text of a rules file, which may be unfinished: in which table, at a key or a value."""

import re
import tomllib
from typing import Literal, NamedTuple

Steps = tuple[str, ...]
Kind = Literal["key", "header", "block header", "value", "item", "nothing"]

_TOKEN = re.compile(
    r"""(?P<string>\"{3}(?:[^"\\]|\\.|"(?!""))*+"{3,5}|'{3}(?:[^']|'(?!''))*+'{3,5}"""
    r"""|"(?!"")(?:[^"\\\n]|\\[^\n])*+"|'(?!'')[^'\n]*+')"""
    r"""|(?P<open>\"{3}.*|'{3}.*|"(?:[^"\\\n]|\\[^\n])*+|'[^'\n]*+)"""
    r"""|(?P<comment>\#[^\n]*)|(?P<white>[ \t\r]+)|(?P<word>[^\s"'#\[\]{}=,.]+)|(?P<sign>[\n\[\]{}=,.])|\s""",
    re.DOTALL,
)
_REST_OF_WORD = re.compile(r"[A-Za-z0-9_-]*")
_REST_OF_STRING = re.compile(r"""[^"'\n,=\[\]{}#]*["']""")


class Caret(NamedTuple):
    """A place in the text. ``steps`` are the keys of its table, or of the value, without the numbers of blocks.

    ``item``: a value in a list. ``typed`` stands before the caret and belongs to the word there, ``rest`` behind it;
    ``quote`` is the quote that ``typed`` begins with, "" if there is none. ``written`` are the keys of the table that
    stand before the caret.
    """

    kind: Kind
    steps: Steps = ()
    typed: str = ""
    rest: str = ""
    quote: str = ""
    written: frozenset[str] = frozenset()


def caret_at(before: str, after: str) -> Caret:
    """Return where a caret stands between ``before`` and ``after``; of ``after`` only the rest of the line matters."""
    scan = _Scan()
    typed = quote = ""
    for match in _TOKEN.finditer(before):
        kind, token, ends = match.lastgroup, match[0], match.end() == len(before)
        if kind == "comment" and ends:
            return Caret("nothing")
        if kind == "open":
            if token[:3] in ('"""', "'''"):
                return Caret("nothing")
            if ends:
                typed, quote = token, token[0]
            else:
                scan.word(token)
        elif kind == "word" and ends:
            typed = token
        elif kind in ("string", "word"):
            scan.word(_name(token) if kind == "string" else token)
        elif kind == "sign":
            scan.sign(token)
    rest = (_REST_OF_STRING if quote else _REST_OF_WORD).match(after) if typed else None
    return scan.caret(typed, rest[0] if rest else "", quote)


class _Scan:
    """The statements up to the caret."""

    def __init__(self) -> None:
        self._table: Steps = ()
        self._keys: list[str] = []
        self._kind: Kind = "key"
        self._open: list[tuple[Kind, Steps]] = []  # what lists and inline tables around the caret are in
        self._written: dict[Steps, set[str]] = {}
        self._dots = 0

    def caret(self, typed: str, rest: str, quote: str) -> Caret:
        """Return the place behind what was scanned."""
        if self._kind in ("value", "item"):
            return Caret(self._kind, (*self._base(), *self._keys), typed, rest, quote)
        if self._kind == "nothing" or len(self._keys) != self._dots:  # a key without what follows it
            return Caret("nothing")
        steps = (*self._base(), *self._keys)
        return Caret(self._kind, steps, typed, rest, quote, frozenset(self._written.get(steps, ())))

    def word(self, name: str) -> None:
        """Take a bare word or a string."""
        if self._kind in ("value", "item"):
            self._kind = "nothing"  # until a comma or the end of the line
        elif self._kind != "nothing":
            self._keys.append(name)

    def sign(self, sign: str) -> None:
        """Take a sign or a line break."""
        match sign:
            case "\n":
                self._end_of_line()
            case "[" | "{":
                self._opening(sign)
            case "]" | "}":
                self._closing()
            case "=" if self._kind == "key":
                self._written.setdefault((*self._base(), *self._keys[:-1]), set()).update(self._keys[-1:])
                self._kind = "value"
            case "." if self._kind in ("key", "header", "block header"):
                self._dots += 1
            case "," if self._open:
                self._begin("item" if self._open[-1][0] == "item" else "key")

    def _base(self) -> Steps:
        if self._kind in ("header", "block header"):
            return ()
        return self._open[-1][1] if self._open else self._table

    def _begin(self, kind: Kind) -> None:
        self._kind, self._dots = kind, 0
        self._keys = []

    def _end_of_line(self) -> None:
        if self._open and self._open[-1][0] == "item":
            return  # a list may have many lines
        self._open = []
        self._begin("key")

    def _opening(self, sign: str) -> None:
        if self._kind == "header" and not self._keys:
            self._kind = "block header"
        elif self._kind in ("value", "item"):
            steps = (*self._base(), *self._keys)
            kind: Kind = "item" if sign == "[" else "key"
            self._open.append((kind, steps))
            self._begin(kind)
        elif self._kind == "key" and not self._keys and not self._open:
            self._begin("header")

    def _closing(self) -> None:
        if self._kind in ("header", "block header"):
            self._table = tuple(self._keys)
            if self._kind == "block header":
                self._written = {steps: keys for steps, keys in self._written.items() if steps[:1] != self._table}
        elif self._open:
            self._open.pop()
        self._kind = "nothing"


def _name(written: str) -> str:
    """Return a string without quotes and escapes, or as it is written if it is none yet."""
    try:
        return str(tomllib.loads(f"x = {written}")["x"])
    except tomllib.TOMLDecodeError:
        return written.strip("\"'")
