"""Commands that are imported and built when they are looked up: a call loads one of them, and only help loads all."""

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any

import typer
import typer.main
from typer.models import CommandInfo, TyperInfo


class LazyCommands(Mapping[str, Any]):
    """Commands and groups by their names.

    ``places`` say where each is defined, as ``module:attribute``; ``prepare`` is called with each once it is built.
    """

    def __init__(self, places: Mapping[str, str], prepare: Callable[[str, Any], None]) -> None:
        self._places, self._prepare = places, prepare
        self._built: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._built:
            command = _build(self._places[name])
            self._prepare(name, command)
            self._built[name] = command
        return self._built[name]

    def __contains__(self, name: object) -> bool:
        return name in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def _build(place: str) -> Any:
    module, _, attribute = place.partition(":")
    found = getattr(import_module(module), attribute)
    if isinstance(found, typer.Typer):
        return typer.main.get_group_from_info(
            TyperInfo(found), pretty_exceptions_short=True, suggest_commands=True, rich_markup_mode=None
        )
    return typer.main.get_command_from_info(
        CommandInfo(callback=found), pretty_exceptions_short=True, rich_markup_mode=None
    )
