"""Names as they are: as they are spelled, and what cannot be seen, or turns the direction, shown by its code."""

import unicodedata
from collections.abc import Iterable

from autotag.domain.model.labels import label_key

_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode's categories of control, format (also bidirectional), surrogate, private and unassigned characters, and of
separators of lines."""


def visible(text: object) -> str:
    """Return ``text`` with such characters as their codes, for example ``⟨U+202E⟩``. Markup is Jinja's own matter."""
    return "".join(
        f"⟨U+{ord(character):04X}⟩" if unicodedata.category(character) in _INVISIBLE else character
        for character in str(text)
    )


class Spellings:
    """How tags are spelled that the summary of the queue knows only by their keys: as questions named them last."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def add(self, tags: Iterable[str]) -> None:
        """Remember tags."""
        self._names |= {label_key(tag): tag for tag in tags}

    def of(self, tag: str) -> str:
        """Return the tag, or ``tag`` itself as long as no question named it."""
        return self._names.get(label_key(tag), tag)
