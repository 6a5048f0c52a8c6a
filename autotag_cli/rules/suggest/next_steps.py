"""The commands that come next after suggestions."""

import shlex
from typing import NamedTuple

from autotag.domain.learning.suggestions import MIN_VERDICTS, Suggestions
from autotag.domain.sentences.suggestions import ASK, asking_command

_OUT = "suggested.toml"


class Source(NamedTuple):
    """What the suggestions are from, as named in the command: the rules, and exports or else the stack."""

    rules: str
    exports: tuple[str, ...]
    out: str | None
    wrong_costs: float
    min_verdicts: int


class NextCommand(NamedTuple):
    """A command, and ``why`` to type it."""

    command: str
    why: str


def next_commands(suggestions: Suggestions, source: Source) -> tuple[NextCommand, ...]:
    """Return the commands to write, compare and push what is proposed, and to ask where too little is known."""
    found: list[NextCommand] = []
    assets = shlex.join(source.exports) if source.exports else "--stored"
    if suggestions.because("proposed"):
        out = shlex.quote(source.out or _OUT)
        if source.out is None:
            options = f" --wrong-costs {source.wrong_costs:g}" if source.wrong_costs != 1 else ""
            options += f" --min-evidence {source.min_verdicts}" if source.min_verdicts != MIN_VERDICTS else ""
            write = f"autotag rules suggest {shlex.quote(source.rules)} {assets}{options} --out {out}"
            found.append(NextCommand(write, f"write the rules with these thresholds into {out}"))
        found.append(
            NextCommand(f"autotag rules diff {shlex.quote(source.rules)} {out} {assets}", "see what would change")
        )
        found.append(NextCommand(f"autotag rules push {out}", "put them in use for new pictures"))
        found.append(NextCommand("autotag retag --dry-run", "then see what that changes on pictures that are there"))
    if asking := asking_command(suggestions.labels):
        found.append(NextCommand(asking, "ask people about random pictures where too little is known"))
    elif suggestions.assets and not suggestions.labels:
        found.append(NextCommand(ASK, "ask people about random pictures of the most frequent labels"))
    return tuple(found)
