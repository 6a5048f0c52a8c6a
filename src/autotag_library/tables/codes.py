"""Codes for texts, given as they are met."""

from collections.abc import Iterable


class Codes:
    """The codes of texts, from 0 in the order of their first mention."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._codes: dict[str, int] = {}
        for text in texts:
            self.of(text)

    def of(self, text: str) -> int:
        """Return the code of ``text``."""
        return self._codes.setdefault(text, len(self._codes))

    def get(self, text: str) -> int:
        """Return the code of ``text``, -1 if it has none."""
        return self._codes.get(text, -1)

    @property
    def texts(self) -> list[str]:
        """The texts by their codes."""
        return list(self._codes)

    def __len__(self) -> int:
        return len(self._codes)
