"""``autotag explicit``: act on a stored asset through the Upload API, which has no hourly limit."""

from typing import Annotated

import typer

from cli.cloudinary.options import (
    AsJson,
    AutoTagging,
    Categorization,
    Context,
    Folder,
    NotificationUrl,
    ResourceType,
    Tags,
    Type,
)


def explicit(
    ctx: typer.Context,
    public_id: Annotated[str, typer.Argument(metavar="PUBLIC_ID")],
    categorization: Categorization = None,
    auto_tagging: AutoTagging = None,
    tags: Tags = None,
    context: Context = None,
    folder: Folder = None,
    notification_url: NotificationUrl = None,
    resource_type: ResourceType = "image",
    type_: Type = "upload",
    as_json: AsJson = False,
) -> None:
    """Act on a stored asset as if it was uploaded again: find its labels, make tags of them.

    --tags and --context replace what is there; autotag tags adds and removes single tags.
    Exit code 1: there is no such asset, or Cloudinary did not do it.
    """
    from cli.cloudinary.connection import connect
    from cli.cloudinary.options import checked, fields
    from cli.output import console, print_json

    checked(resource_type, type_)
    asked = fields(
        categorization=categorization,
        auto_tagging=auto_tagging,
        tags=tags,
        context=context,
        folder=folder,
        notification_url=notification_url,
    )
    answer = connect(ctx).upload_api(resource_type, "explicit", {"public_id": public_id, "type": type_, **asked})
    if as_json:
        print_json(answer, indent=2)
    else:
        from cli.cloudinary.shown import show_asset

        show_asset(console(), answer, auto_tagging)
