"""``autotag update``: changes a stored asset through the Admin API, or lets an add-on find its labels."""

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


def update(
    ctx: typer.Context,
    asset: Annotated[str, typer.Argument(metavar="PUBLIC_ID|ASSET_ID")],
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
    """Change a stored asset through the Admin API, which has an hourly limit of calls.

    --tags and --context replace what is there; autotag tags adds and removes single tags.
    Exit code 1: there is no such asset, or the call failed.
    """
    from autotag.domain.errors import Invalid
    from autotag_cli.cloudinary.admin_calls import details
    from autotag_cli.cloudinary.admin_calls import update as change
    from autotag_cli.cloudinary.charged_once import call_once, show_answer
    from autotag_cli.cloudinary.options import checked, fields
    from autotag_cli.cloudinary.transport.connection import connect
    from autotag_cli.stack.environment import outside

    checked(resource_type, type_)
    requested = fields(
        categorization=categorization,
        auto_tagging=auto_tagging,
        tags=tags,
        context=context,
        folder=folder,
        notification_url=notification_url,
    )
    if not requested.keys() - {"notification_url"}:
        raise Invalid("", "there is nothing to change: expected --categorization, --tags, --context or --folder")
    client = connect(ctx)
    found = call_once(
        lambda: change(client, asset, resource_type, type_, requested, once=categorization is not None),
        lambda: details(client, asset, resource_type, type_),
        requested,
        outside(ctx).sleep,
    )
    show_answer(found, requested, auto_tagging, as_json=as_json)
