"""The result of a check."""

from typing import Literal, NamedTuple

State = Literal["ok", "warn", "fail"]


class Result(NamedTuple):
    """The result of one check.

    ``finding`` is one sentence, ``fix`` the command or the step that fixes it ("" if there is none).
    """

    name: str
    state: State
    finding: str
    fix: str = ""

    def record(self) -> dict[str, str]:
        """Return the result as it is printed as JSON."""
        return {"name": self.name, "state": self.state, "told": self.finding, "mend": self.fix}


class Unknown(NamedTuple):
    """A fact that could not be determined; ``why`` is a sentence."""

    why: str


def unknown(name: str, fact: Unknown) -> Result:
    """Return the result for an unknown fact; another result says how to fix the cause."""
    return Result(name, "warn", f"not known: {fact.why}")
