"""The full id of a run, from its first digits."""

import re
from typing import Any, Protocol

from autotag.domain.errors import Invalid, Missing

_ID = re.compile(r"[0-9a-f]{6,32}")
_FULL_LENGTH = 32


class RunList(Protocol):
    """A source of the last runs."""

    def runs(self) -> list[dict[str, Any]]:
        """Return the last runs, newest first."""
        ...


def full_run_id(ops: RunList, text: str, option: str = "ID") -> str:
    """Return the full id. Raises ``Invalid`` if ``text`` is no id, or matches several runs, ``Missing`` if none.

    Only the last runs can be found by their first digits.
    """
    if not _ID.fullmatch(text):
        raise Invalid(option, f"expected a run's id, or its first six digits or more, not {text!r}")
    if len(text) == _FULL_LENGTH:
        return text
    matches = [run_id for run in ops.runs() if (run_id := str(run["id"])).startswith(text)]
    if not matches:
        raise Missing(f"no recent run has an id that begins with {text}, expected one from autotag runs or a full id")
    if len(matches) > 1:
        raise Invalid(option, f"{text} matches several runs, expected more digits of one of {', '.join(matches)}")
    return matches[0]
