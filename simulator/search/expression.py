"""Parser of search expressions, such as ``tags:koala* AND (uploaded_at>1d OR NOT folder:zoo/*)``."""

from typing import NamedTuple

from simulator.core.errors import ApiError
from simulator.search.terms import Range, Term, Test, anywhere, comparison
from simulator.search.tokens import Token, tokens_of, unescaped

_AND, _OR, _NOT = ("AND", "&&"), ("OR", "||"), ("NOT", "!", "-")
_DEEPEST = 100


class _Scope(NamedTuple):
    """The field and the sign that apply to every value of a group such as ``tags:(a OR b)``."""

    field: str
    sign: str


def compiled(text: str, now: float) -> Test:
    """Return a test for the assets that ``text`` matches, all if it is empty. Raises ``ApiError`` 400.

    Ages such as ``1d`` count back from ``now`` (unix seconds).
    """
    tokens = tokens_of(text)
    if not tokens:
        return lambda asset: True
    parser = _Parser(text, tokens, now)
    test = parser.alternatives(None)
    parser.expect_end()
    return test


class _Parser:
    """A recursive descent parser; each method reads from the next token on."""

    def __init__(self, text: str, tokens: list[Token], now: float) -> None:
        self._tokens = [*tokens, Token("end", "", len(text))]
        self._now = now
        self._next = 0
        self._depth = 0

    def alternatives(self, scope: _Scope | None) -> Test:
        tests = [self._together(scope)]
        while self._skip_word(_OR):
            tests.append(self._together(scope))
        return tests[0] if len(tests) == 1 else lambda asset: any(test(asset) for test in tests)

    def expect_end(self) -> None:
        if self._peek.kind != "end":
            raise self._unexpected()

    def _together(self, scope: _Scope | None) -> Test:
        tests = [self._one(scope)]
        while self._skip_word(_AND) or not self._ends_here():
            tests.append(self._one(scope))
        return tests[0] if len(tests) == 1 else lambda asset: all(test(asset) for test in tests)

    def _one(self, scope: _Scope | None) -> Test:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ApiError(400, f"Invalid expression - nested deeper than {_DEEPEST}")
        test = self._negated_or_plain(scope)
        self._depth -= 1
        return test

    def _negated_or_plain(self, scope: _Scope | None) -> Test:
        token = self._peek
        if token.kind == "word" and token.text[0] in "-!+" and len(token.text) > 1:
            self._tokens[self._next] = token._replace(text=token.text[1:], at=token.at + 1)
            if token.text[0] == "+":
                return self._one(scope)
        elif not self._skip_word(_NOT):
            return self._plain(scope)
        test = self._one(scope)
        return lambda asset: not test(asset)

    def _plain(self, scope: _Scope | None) -> Test:
        if self._skip_mark("("):
            test = self.alternatives(scope)
            self._need_mark(")")
            return test
        token = self._peek
        if scope is not None:
            return comparison(scope.field, scope.sign, self._term(), self._now)
        if token.kind == "word" and self._tokens[self._next + 1].kind == "sign":
            self._next += 1
            return self._field(unescaped(token.text), self._take().text)
        return anywhere(self._term())

    def _field(self, name: str, sign: str) -> Test:
        sign = sign.lstrip(":") or ":"
        if self._skip_mark("("):
            test = self.alternatives(_Scope(name, sign))
            self._need_mark(")")
            return test
        if sign in (":", "=") and self._peek.text in ("[", "{") and self._peek.kind == "mark":
            return comparison(name, sign, self._range(), self._now)
        return comparison(name, sign, self._term(), self._now)

    def _range(self) -> Range:
        low_in = self._take().text == "["
        low = self._term()
        if not self._skip_word(("TO",)):
            raise self._unexpected()
        high = self._term()
        if self._peek.kind != "mark" or self._peek.text not in ("]", "}"):
            raise self._unexpected()
        high_in = self._take().text == "]"
        open_end = Term("", prefix=True)
        return Range(None if low == open_end else low, None if high == open_end else high, low_in, high_in)

    def _term(self) -> Term:
        token = self._peek
        if token.kind not in ("word", "quoted") or (token.kind == "word" and token.text in (*_AND, *_OR)):
            raise self._unexpected()
        self._next += 1
        text = token.text[1:-1] if token.kind == "quoted" else token.text
        prefix = text.endswith("*") and not text.endswith("\\*")
        return Term(unescaped(text.removesuffix("*") if prefix else text), prefix)

    @property
    def _peek(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        self._next += 1
        return self._tokens[self._next - 1]

    def _ends_here(self) -> bool:
        token = self._peek
        return token.kind == "end" or (token.kind == "mark" and token.text == ")") or self._is_word(_OR)

    def _is_word(self, words: tuple[str, ...]) -> bool:
        return self._peek.kind == "word" and self._peek.text in words

    def _skip_word(self, words: tuple[str, ...]) -> bool:
        found = self._is_word(words)
        self._next += found
        return found

    def _skip_mark(self, mark: str) -> bool:
        found = self._peek.kind == "mark" and self._peek.text == mark
        self._next += found
        return found

    def _need_mark(self, mark: str) -> None:
        if not self._skip_mark(mark):
            raise self._unexpected()

    def _unexpected(self) -> ApiError:
        token = self._peek
        what = "end" if token.kind == "end" else token.text
        return ApiError(400, f"Invalid expression - unexpected {what} at {token.at}")
