"""Options that the commands on many assets share."""

from typing import Annotated

import typer

Assets = Annotated[
    list[str] | None, typer.Argument(metavar="[ASSET]...", help="asset_ids or public_ids.", show_default=False)
]
PublicId = Annotated[str | None, typer.Option(metavar="GLOB", help="The public_id, with * and ** as in --folder.")]
Status = Annotated[
    list[str] | None, typer.Option(metavar="STATUS,...", help="The status, as shown by autotag show; repeatable.")
]
MaxCalls = Annotated[
    int | None,
    typer.Option(min=1, metavar="N", help="Pause after N calls to Cloudinary's Upload API.", show_default="no limit"),
]
Rate = Annotated[
    int | None,
    typer.Option(min=1, max=1000, metavar="N", help="Change at most N assets a second.", show_default="25"),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")]
Detach = Annotated[bool, typer.Option("--detach", help="Print the run's id and do not watch it.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")]
RunId = Annotated[str, typer.Argument(metavar="ID", help="A run's id, or its first six digits or more.")]
