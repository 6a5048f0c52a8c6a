"""The commands ``init`` and ``example``."""

from typing import Annotated

import typer


def _names() -> list[str]:
    from autotag_cli.rules.starter.recipes import recipes

    return [recipe.name for recipe in recipes()]


def init(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="The file to write; one that exists is never replaced.")
    ] = "rules.toml",
) -> None:
    """Write a commented rules file to begin with. Exit code 2: the file exists, or cannot be written."""
    from pathlib import Path

    from autotag.domain.errors import Invalid
    from autotag_cli.rules.starter.recipes import starter_text
    from autotag_cli.terminal.output import note

    try:
        with Path(file).open("x", encoding="utf-8") as stream:
            stream.write(starter_text())
    except FileExistsError as error:
        raise Invalid(file, "exists already, expected the name of a new file") from error
    except OSError as error:
        raise Invalid(file, f"cannot be written ({error.strerror})") from error
    except ValueError as error:  # a NUL in the name
        raise Invalid(file, "is not a valid file name") from error
    note(f"{file}: written. Edit it, then: autotag rules check {file}")


def example(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="The recipe; without it their names are listed.", autocompletion=_names),
    ] = None,
) -> None:
    """Print a recipe as rules that work as they stand; without a name, list the recipes.

    docs/rules.md shows what each does. Exit code 2: there is no recipe of that name.
    """
    from autotag.domain.errors import Invalid
    from autotag_cli.rules.starter.recipes import recipes

    known = {recipe.name: recipe for recipe in recipes()}
    if name is None:
        width = max(map(len, known))
        for recipe in known.values():
            typer.echo(f"{recipe.name:{width}}  {recipe.title}")
    elif name in known:
        typer.echo(known[name].text, nl=False)
    else:
        raise Invalid(name, f"there is no such recipe, expected one of {', '.join(known)}")
