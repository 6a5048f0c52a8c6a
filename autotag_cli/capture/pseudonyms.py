"""Words in place of words: of the same length and kinds of characters, and the same one for the same word.

A word is a run of ASCII letters and digits, or of other characters; the punctuation between words stays. So a public_id
is the same in its field, in a URL and in a longer name. Upper and lower case are replaced alike: a tag that repeats a
name in another case still does.
"""

import hashlib
import re
from collections.abc import Iterable

_WORDS = re.compile(r"[0-9A-Za-z]+|[^\x00-\x7f\s]+")
_HEX = re.compile(r"(?=.*[0-9])[0-9a-f]{16,}")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_BY_SIZE = {
    2: "àáâãäåæçèéêëìíîïðñòóôõöøùúûüý",
    3: "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほ",
    4: "🐀🐁🐂🐃🐄🐅🐆🐇🐈🐉🐊🐋🐌🐍🐎🐏",
}
"""Replacements of characters beyond ASCII, by the number of bytes in UTF-8."""

_TRIES = 200


class Pseudonyms:
    """The words of one file and their replacements, which ``key`` makes: a random one, so that none can be guessed.

    ``taken`` are texts whose words no replacement may be.
    """

    def __init__(self, key: bytes, taken: Iterable[str]) -> None:
        self._key = key
        self._used = {_folded(word) for text in taken for word in _WORDS.findall(text)}
        self._found: dict[str, str] = {}

    def replace(self, text: str) -> str:
        """Return ``text`` with all its words replaced."""
        return _WORDS.sub(lambda found: self._in_case(found[0]), text)

    def replace_known(self, text: str) -> str:
        """Return a sentence with those words replaced that were replaced before, or that hold a digit."""
        return _WORDS.sub(lambda found: self._in_case(found[0]) if self._is_known(found[0]) else found[0], text)

    def number(self, value: int | float) -> int | float:
        """Return another number with as many digits, of the same type and sign; a NaN or infinity as it is."""
        if isinstance(value, int):
            return int(self.replace(str(value)))
        return float(self.replace(repr(value))) if re.fullmatch(r"-?[0-9]+\.[0-9]+", repr(value)) else 0.5

    def _is_known(self, word: str) -> bool:
        return _folded(word) in self._found or any(character.isdigit() for character in word)

    def _in_case(self, word: str) -> str:
        folded = _folded(word)
        if folded not in self._found:
            self._found[folded] = self._new(folded)
        other = self._found[folded]
        shown = [_upper(b) if a.isupper() else b for a, b in zip(word, other, strict=False)]
        return "".join(shown) + other[len(word) :]

    def _new(self, word: str) -> str:
        for attempt in range(2 * _TRIES):
            seed = word + word[-1] * max(0, attempt - _TRIES)  # longer, if all of this length are taken
            candidate = self._candidate(seed, attempt)
            if candidate not in self._used:
                self._used.add(candidate)
                return candidate
        raise AssertionError("a longer word is always free")

    def _candidate(self, word: str, attempt: int) -> str:
        count = 2 * len(word)
        drawn = hashlib.shake_256(self._key + attempt.to_bytes(2) + word.encode()).digest(count)
        draws = [int.from_bytes(drawn[i : i + 2]) for i in range(0, count, 2)]
        letters = "abcdef" if _HEX.fullmatch(word) else _LETTERS
        return "".join(self._character(word, i, draw, letters) for i, draw in enumerate(draws))

    @staticmethod
    def _character(word: str, index: int, draw: int, letters: str) -> str:
        character = word[index]
        if not character.isascii():
            pool = _BY_SIZE[len(character.encode())]
        elif not character.isdigit():
            pool = letters
        elif index == 0 and len(word) > 1 and word.isdigit():
            pool = "0" if character == "0" else "123456789"  # a number stays a number
        else:
            pool = "0123456789"
        return pool[draw % len(pool)]


def _folded(word: str) -> str:
    lower = word.lower()
    return lower if [len(c.encode()) for c in lower] == [len(c.encode()) for c in word] else word


def _upper(character: str) -> str:
    upper = character.upper()
    return upper if len(upper) == 1 and len(upper.encode()) == len(character.encode()) else character
