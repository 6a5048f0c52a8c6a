"""A client for the account of a running command."""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from autotag_cli.cloudinary.client import CloudinaryClient


def connect(ctx: typer.Context, *, connections: int = 1) -> "CloudinaryClient":
    """Return a client for the account in ``$CLOUDINARY_URL``. Raises ``Invalid`` if it names none."""
    from autotag_cli.cloudinary.account import account_of
    from autotag_cli.cloudinary.client import CloudinaryClient
    from autotag_cli.stack.environment import environment_of

    environment = environment_of(ctx)
    return CloudinaryClient(account_of(environment.variables), connections=connections, adapter=environment.cloudinary)
