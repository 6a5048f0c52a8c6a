"""A run's id from the first digits of it."""

import re
from typing import Any, Protocol

from autotag.domain.errors import Invalid, Missing

_ID = re.compile(r"[0-9a-f]{6,32}")
_WHOLE = 32


class Lists(Protocol):
    """Who knows the last runs."""

    def runs(self) -> list[dict[str, Any]]:
        """Return them, the youngest first."""
        ...


def whole_id(ops: Lists, text: str, place: str = "ID") -> str:
    """Return the whole id. Raises ``Invalid`` where ``text`` is none, or begins several, ``Missing`` where none.

    Only the last runs are known by less than the whole.
    """
    if not _ID.fullmatch(text):
        raise Invalid(place, f"expected a run's id, or its first six digits or more, not {text!r}")
    if len(text) == _WHOLE:
        return text
    found = [run_id for run in ops.runs() if (run_id := str(run["id"])).startswith(text)]
    if not found:
        raise Missing(f"none of the last runs begins with {text}, expected one that autotag runs lists or a whole id")
    if len(found) > 1:
        raise Invalid(place, f"{text} begins several runs, expected more of one of {', '.join(found)}")
    return found[0]
