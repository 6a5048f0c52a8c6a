"""What is said of a label besides its confidence: ancestors, aliases and categories, from ``relations.toml``."""

import tomllib
from functools import cache
from importlib import resources
from typing import NamedTuple


class Relations(NamedTuple):
    """The names of a label's ancestors, nearest first, its aliases, and the one category that each label has."""

    ancestors: tuple[str, ...]
    aliases: tuple[str, ...]
    categories: tuple[str, ...]


@cache
def relations_of(name: str) -> Relations:
    """Return what is known of the label ``name``; a name that is not in the file has nothing."""
    parents, aliases, categories = _table()
    ancestors: dict[str, None] = {}
    waiting = list(parents.get(name, ()))
    while waiting:
        parent = waiting.pop(0)
        if parent not in ancestors:
            ancestors[parent] = None
            waiting += parents.get(parent, ())
    category = categories.get(name)
    return Relations(tuple(ancestors), tuple(aliases.get(name, ())), (category,) if category else ())


@cache
def label_name(name: str) -> str:
    """Return the label of which ``name`` is an alias, else ``name`` itself."""
    aliases = _table()[1]
    return next((label for label, others in aliases.items() if name in others), name)


@cache
def _table() -> tuple[dict[str, list[str]], dict[str, list[str]], dict[str, str]]:
    """Return parents, aliases and the category, by name."""
    text = resources.files("simulator.rekognition").joinpath("relations.toml").read_text("utf-8")
    table = tomllib.loads(text)
    categories = {name: category for category, names in table["categories"].items() for name in names}
    return table["parents"], table["aliases"], categories
