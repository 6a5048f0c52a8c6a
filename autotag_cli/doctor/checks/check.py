"""One line of the doctor's report."""

from typing import Literal, NamedTuple

State = Literal["ok", "warn", "fail"]


class Line(NamedTuple):
    """``told`` is one sentence; ``mend`` the command or the step that mends it, "" where nothing is to be mended."""

    name: str
    state: State
    told: str
    mend: str = ""


class Unknown(NamedTuple):
    """Something could not be found out."""

    why: str


def unknown(name: str, found: Unknown) -> Line:
    """Return the line of what could not be found out, which another line then says how to mend."""
    return Line(name, "warn", f"not known: {found.why}")
