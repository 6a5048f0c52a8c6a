"""Every command of ``autotag``, as Typer builds them."""

from typing import Any

import typer.main

from autotag_cli.main import app


def all_commands() -> dict[tuple[str, ...], Any]:
    """Return each command and group by the words that call it; the main group has none."""
    found: dict[tuple[str, ...], Any] = {}

    def add(words: tuple[str, ...], command: Any) -> None:
        found[words] = command
        for name, inner in getattr(command, "commands", {}).items():
            add((*words, name), inner)

    add((), typer.main.get_command(app))
    return found


COMMANDS = all_commands()
LEAVES = {words: command for words, command in COMMANDS.items() if not hasattr(command, "commands")}
ON_STACK = sorted(words for words, command in LEAVES.items() if any(p.name == "stack" for p in command.params))


def required(words: tuple[str, ...]) -> list[str]:
    """Return a value for each argument that a command requires."""
    return ["x" for param in LEAVES[words].params if param.param_type_name == "argument" and param.required]
