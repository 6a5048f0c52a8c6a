"""``autotag explicit``: processes a stored asset through the Upload API, which has no hourly limit."""

from typing import Annotated

import typer

from autotag_cli.cloudinary.options import (
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
    """Process a stored asset as if it were uploaded again: find its labels, turn them into tags.

    --tags and --context replace what is there; autotag tags adds and removes single tags.
    Exit code 1: there is no such asset, or the call failed.
    """
    from autotag_cli.cloudinary.admin_calls import details
    from autotag_cli.cloudinary.charged_once import call_once, show_answer
    from autotag_cli.cloudinary.options import checked, fields
    from autotag_cli.cloudinary.transport.connection import connect
    from autotag_cli.input.option_text import check_text
    from autotag_cli.stack.environment import outside

    checked(resource_type, type_)
    check_text("PUBLIC_ID", public_id)
    requested = fields(
        categorization=categorization,
        auto_tagging=auto_tagging,
        tags=tags,
        context=context,
        folder=folder,
        notification_url=notification_url,
    )
    client, sent = connect(ctx), {"public_id": public_id, "type": type_, **requested}
    found = call_once(
        lambda: client.upload_api(resource_type, "explicit", sent, once=categorization is not None),
        lambda: details(client, public_id, resource_type, type_),
        requested,
        outside(ctx).sleep,
    )
    show_answer(found, requested, auto_tagging, as_json=as_json)
