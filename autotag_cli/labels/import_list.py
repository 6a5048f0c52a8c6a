"""``autotag labels import``: reads a list of labels, and stores it on this machine."""

from typing import Annotated

import typer


def import_list(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE|FOLDER",
            help="AmazonRekognitionLabels_v3.0.zip of AWS, the folder of its files, or a CSV with the columns label "
            "and category.",
        ),
    ],
) -> None:
    """Read a list of labels into .autotag/labels.json, in place of an earlier one: nothing leaves this machine.

    AWS links its list from docs.aws.amazon.com/rekognition/latest/dg/labels.html. From then on autotag rules check, the
    console and autotag labels search know these labels, and autotag rules push the labels of categories.
    Exit code 2: FILE is no such list.
    """
    from autotag_cli.input.imported_labels import IMPORTED, save_list
    from autotag_cli.labels.published_list import read_list
    from autotag_cli.terminal.output import counted, printable

    found = read_list(file)
    save_list(found)
    aliases = sum(len(about.aliases) for about in found.labels.values())
    categories = {name for about in found.labels.values() for name in about.categories}
    typer.echo(
        printable(
            f"{IMPORTED}: {counted(len(found.labels), 'label')} of {found.name}, "
            f"{aliases:,} alias{'' if aliases == 1 else 'es'}, "
            f"{len(categories):,} categor{'y' if len(categories) == 1 else 'ies'}"
        )
    )
