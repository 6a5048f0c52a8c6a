"""The account of a running command."""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from autotag_cli.cloudinary.client import CloudinaryClient


def connect(ctx: typer.Context, *, connections: int = 1) -> "CloudinaryClient":
    """Return a client of the account that ``$CLOUDINARY_URL`` names; raises ``Invalid`` where it names none."""
    from autotag_cli.cloudinary.account import account
    from autotag_cli.cloudinary.client import CloudinaryClient
    from autotag_cli.stack.environment import outside

    world = outside(ctx)
    return CloudinaryClient(account(world.environment), connections=connections, adapter=world.cloudinary)
