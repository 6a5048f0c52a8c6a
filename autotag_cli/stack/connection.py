"""A client of the stack that a running command works on."""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from autotag_cli.stack.ops_client import OpsClient


def connect_ops(ctx: typer.Context, stack: str | None, *, changes: bool = False) -> "OpsClient":
    """Return a client of the ops function of ``stack``, else of the stack that ``resolve`` chooses; raises as it.

    ``changes``: the command changes something, so it says on which stack.
    """
    from autotag_cli.stack.environment import environment_of
    from autotag_cli.stack.ops_client import OpsClient
    from autotag_cli.stack.resolve import resolve

    environment = environment_of(ctx)
    return OpsClient(resolve(stack, environment, changes=changes), environment.post)
