"""``autotag rules schema``: the grammar as JSON Schema, with which editors complete rules files and mark faults."""

import re
from typing import Any

import typer

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> None:
    """Print the grammar of the rules file as JSON Schema (draft 2020-12).

    Save it beside your rules, and begin them with the line "#:schema ./rules.schema.json": editors with TOML support
    then complete keys, explain them and mark faults.
    """
    from autotag_cli.terminal.output import json_text

    typer.echo(json_text(rules_schema(), indent=2))


def rules_schema() -> dict[str, Any]:
    """Return the JSON Schema of the grammar, generated from its types."""
    import msgspec

    from autotag.domain.rules.schema import Rules

    made = msgspec.json.schema(Rules)
    tables = {name: _without_null(table) for name, table in made["$defs"].items()}
    root = tables.pop(Rules.__name__)
    for name, table in tables.items():
        table["title"] = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()
    return {"$schema": DIALECT, **root, "title": "Rules of autotag", "$defs": tables}


def _without_null(part: Any) -> Any:
    """Return the schema without null, which TOML lacks: such a key is optional, and no default is shown for it."""
    if isinstance(part, list):
        return [_without_null(item) for item in part if item != {"type": "null"}]
    if not isinstance(part, dict):
        return part.replace("``", "`") if isinstance(part, str) else part
    clean = {key: _without_null(value) for key, value in part.items() if not _is_empty(key, value)}
    if "anyOf" in clean:
        choice, *others = clean["anyOf"]
        if others:
            return clean
        del clean["anyOf"]
        clean = {**choice, **clean}
    return clean


def _is_empty(key: str, value: Any) -> bool:
    return (key == "default" and (value is None or isinstance(value, dict))) or (key == "required" and not value)
