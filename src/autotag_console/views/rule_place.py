"""Links from a decision to the line of the rule that it names."""

from collections.abc import Callable

Locate = Callable[[str, str], int | None]
"""Returns the line (from 1) of a key path, such as ``labels."Electric Guitar".threshold``, in the text of rules.

None: ``text`` has no such key, or what is given is no key path.
"""


def nowhere(text: str, path: str) -> int | None:
    """Stand for a console that cannot look up lines."""
    return None


class RulePlaces:
    """The places of rules in ``text``; None if the rules that decided are not the active ones any more."""

    def __init__(self, text: str | None, locate: Locate) -> None:
        self._text, self._locate = text, locate

    def link(self, path: str) -> str:
        """Return the address of the rule's line on the page of the rules, "" if there is none."""
        line = self._locate(self._text, path) if self._text else None
        return f"/rules#L{line}" if line else ""
