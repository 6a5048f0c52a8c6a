"""The words, quoted texts, signs and brackets of a search expression."""

import re
from typing import NamedTuple

from simulator.core.errors import ApiError

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<quoted>"(?:[^"\\]|\\.)*")
        |(?P<sign>:?[<>]=?|[:=])
        |(?P<mark>[()\[\]{}])
        |(?P<word>(?:\\.|[^\s()\[\]{}"=:<>\\])+)
    )""",
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """One token. ``kind`` is quoted, sign, mark, word or end; ``text`` is as written, ``at`` its position."""

    kind: str
    text: str
    at: int


def tokens_of(text: str) -> list[Token]:
    """Return the tokens of an expression, without one for its end. Raises ``ApiError`` 400."""
    tokens: list[Token] = []
    end, stripped = 0, len(text.rstrip())
    while end < stripped:
        match = _TOKEN.match(text, end)
        if match is None or match.lastgroup is None:
            raise ApiError(400, f"Invalid expression - unexpected {text[end : end + 20].strip()} at {end}")
        tokens.append(Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
        end = match.end()
    return tokens


def unescaped(text: str) -> str:
    """Return ``text`` without its escaping backslashes."""
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)
