"""The recipes of docs/rules.md, as files of this package: a line with the title, and the rules."""

from collections.abc import Iterator
from importlib.resources import files
from typing import NamedTuple

_FOLDER = files("autotag_cli.rules.starter")


class Recipe(NamedTuple):
    """One recipe: what calls it, what it is about, and its text."""

    name: str
    title: str
    text: str


def recipes() -> Iterator[Recipe]:
    """Yield the recipes by their names."""
    for file in sorted(_FOLDER.joinpath("recipe_files").iterdir(), key=lambda each: each.name):
        text = file.read_text("utf-8")
        yield Recipe(file.name.removesuffix(".toml"), text.partition("\n")[0].removeprefix("# "), text)


def starter_text() -> str:
    """Return the commented rules file to begin with."""
    return _FOLDER.joinpath("starter.toml").read_text("utf-8")
