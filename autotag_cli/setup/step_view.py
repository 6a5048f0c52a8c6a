"""Output of one setup step for people."""

from rich.text import Text

from autotag_cli.setup.steps import Step
from autotag_cli.terminal.output import console, plain

_STYLES = {
    "done": "green",
    "planned": "cyan",
    "unchanged": "dim",
    "failed": "bold red",
    "not known": "yellow",
    "left out": "dim",
}
_NAME, _STATE = 16, 11


def print_step(step: Step) -> None:
    """Print a step in one line, and what to do on a second line if it failed or learned nothing."""
    name, state = plain(step.name.ljust(_NAME)), plain(step.state.ljust(_STATE), _STYLES[step.state])
    console().print(Text.assemble(name, state, plain(step.finding)), soft_wrap=True)
    if step.fix:
        console().print(plain(" " * (_NAME + _STATE) + f"fix: {step.fix}"), soft_wrap=True)
