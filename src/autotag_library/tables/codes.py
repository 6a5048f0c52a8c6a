"""Codes for texts, given as they are met."""


class Codes:
    """The codes of texts, from 0 in the order of their first mention."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    def of(self, text: str) -> int:
        """Return the code of ``text``."""
        return self._codes.setdefault(text, len(self._codes))

    @property
    def texts(self) -> list[str]:
        """The texts by their codes."""
        return list(self._codes)

    def __len__(self) -> int:
        return len(self._codes)
