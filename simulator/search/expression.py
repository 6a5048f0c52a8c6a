"""Parser of search expressions, such as ``tags:koala* AND (uploaded_at>1d OR NOT folder:zoo/*)``."""

from collections.abc import Callable
from typing import NamedTuple

from simulator.core.errors import ApiError
from simulator.search.fields import Fields
from simulator.search.terms import Range, Term, any_text_test, field_test
from simulator.search.tokens import Token, tokens_of, unescaped

_AND, _OR, _NOT = ("AND", "&&"), ("OR", "||"), ("NOT", "!", "-")
_MAX_DEPTH = 100


class _Scope(NamedTuple):
    """The field and the sign that apply to every value of a group such as ``tags:(a OR b)``."""

    field: str
    sign: str


def compile_expression[T](text: str, now: float, fields: Fields[T]) -> Callable[[T], bool]:
    """Return a test for the entries that ``text`` matches, all if it is empty. Raises ``ApiError`` 400.

    Entries are assets or folders; ``fields`` are what can be asked of them. Ages such as ``1d`` count back from ``now``
    (unix seconds).
    """
    tokens = tokens_of(text)
    if not tokens:
        return lambda entry: True
    parser = _Parser(text, tokens, now, fields)
    test = parser.disjunction(None)
    parser.expect_end()
    return test


class _Parser[T]:
    """A recursive descent parser; each method reads from the next token on."""

    def __init__(self, text: str, tokens: list[Token], now: float, fields: Fields[T]) -> None:
        self._tokens = [*tokens, Token("end", "", len(text))]
        self._now = now
        self._fields = fields
        self._next = 0
        self._depth = 0

    def disjunction(self, scope: _Scope | None) -> Callable[[T], bool]:
        tests = [self._conjunction(scope)]
        while self._skip_word(_OR):
            tests.append(self._conjunction(scope))
        return tests[0] if len(tests) == 1 else lambda entry: any(test(entry) for test in tests)

    def expect_end(self) -> None:
        if self._peek.kind != "end":
            raise self._unexpected()

    def _conjunction(self, scope: _Scope | None) -> Callable[[T], bool]:
        tests = [self._operand(scope)]
        while self._skip_word(_AND) or not self._ends_here():
            tests.append(self._operand(scope))
        return tests[0] if len(tests) == 1 else lambda entry: all(test(entry) for test in tests)

    def _operand(self, scope: _Scope | None) -> Callable[[T], bool]:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise ApiError(400, f"Invalid expression - nested deeper than {_MAX_DEPTH}")
        test = self._negation(scope)
        self._depth -= 1
        return test

    def _negation(self, scope: _Scope | None) -> Callable[[T], bool]:
        token = self._peek
        if token.kind == "word" and token.text[0] in "-!+" and len(token.text) > 1:
            self._tokens[self._next] = token._replace(text=token.text[1:], at=token.at + 1)
            if token.text[0] == "+":
                return self._operand(scope)
        elif not self._skip_word(_NOT):
            return self._primary(scope)
        test = self._operand(scope)
        return lambda entry: not test(entry)

    def _primary(self, scope: _Scope | None) -> Callable[[T], bool]:
        if self._skip_mark("("):
            test = self.disjunction(scope)
            self._need_mark(")")
            return test
        token = self._peek
        if scope is not None:
            return self._test(scope.field, scope.sign, self._term())
        if token.kind == "word" and self._tokens[self._next + 1].kind == "sign":
            self._next += 1
            return self._field(unescaped(token.text), self._take().text)
        return any_text_test(self._fields, self._term())

    def _field(self, name: str, sign: str) -> Callable[[T], bool]:
        sign = sign.lstrip(":") or ":"
        if self._skip_mark("("):
            test = self.disjunction(_Scope(name, sign))
            self._need_mark(")")
            return test
        if sign in (":", "=") and self._peek.text in ("[", "{") and self._peek.kind == "mark":
            return self._test(name, sign, self._range())
        return self._test(name, sign, self._term())

    def _test(self, name: str, sign: str, expected: Term | Range) -> Callable[[T], bool]:
        field = self._fields.find(name)
        return field_test(name, field, sign, expected, self._now) if field is not None else lambda entry: False

    def _range(self) -> Range:
        includes_low = self._take().text == "["
        low = self._term()
        if not self._skip_word(("TO",)):
            raise self._unexpected()
        high = self._term()
        if self._peek.kind != "mark" or self._peek.text not in ("]", "}"):
            raise self._unexpected()
        includes_high = self._take().text == "]"
        open_end = Term("", prefix=True)
        return Range(None if low == open_end else low, None if high == open_end else high, includes_low, includes_high)

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
        matches = self._is_word(words)
        self._next += matches
        return matches

    def _skip_mark(self, mark: str) -> bool:
        matches = self._peek.kind == "mark" and self._peek.text == mark
        self._next += matches
        return matches

    def _need_mark(self, mark: str) -> None:
        if not self._skip_mark(mark):
            raise self._unexpected()

    def _unexpected(self) -> ApiError:
        token = self._peek
        what = "end" if token.kind == "end" else token.text
        return ApiError(400, f"Invalid expression - unexpected {what} at {token.at}")
