"""One line of the doctor's report."""

from typing import Literal, NamedTuple

State = Literal["ok", "warn", "fail"]


class Line(NamedTuple):
    """The result of one check.

    ``told`` is the finding in one sentence, ``mend`` the command or the step that fixes it ("" if there is none).
    """

    name: str
    state: State
    told: str
    mend: str = ""


class Unknown(NamedTuple):
    """A fact that could not be determined; ``why`` is a sentence."""

    why: str


def unknown(name: str, found: Unknown) -> Line:
    """Return the line for an unknown fact; another line of the report says how to fix the cause."""
    return Line(name, "warn", f"not known: {found.why}")
