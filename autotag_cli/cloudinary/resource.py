"""``autotag resource``: what Cloudinary stores about one asset."""

from typing import Annotated

import typer

from autotag_cli.cloudinary.options import AsJson, ResourceType, Type


def resource(
    ctx: typer.Context,
    asset: Annotated[str, typer.Argument(metavar="PUBLIC_ID|ASSET_ID")],
    resource_type: ResourceType = "image",
    type_: Type = "upload",
    as_json: AsJson = False,
) -> None:
    """Show what Cloudinary stores about an asset, with the labels that its add-ons found earlier.

    Exit code 1: there is no such asset, or the request failed.
    """
    from autotag_cli.cloudinary.admin_calls import read_asset
    from autotag_cli.cloudinary.options import check_types
    from autotag_cli.cloudinary.transport.connection import connect
    from autotag_cli.terminal.output import print_json

    check_types(resource_type, type_)
    answer = read_asset(connect(ctx), asset, resource_type, type_)
    if as_json:
        print_json(answer, indent=2)
    else:
        from autotag_cli.cloudinary.asset_view import print_asset

        print_asset(answer)
