"""``autotag explicit`` and ``autotag update``: calls on a stored asset, through the Upload and the Admin API."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from autotag_cli.cloudinary import options

if TYPE_CHECKING:
    from autotag_cli.cloudinary.client import CloudinaryClient


def explicit(
    ctx: typer.Context,
    public_id: Annotated[str, typer.Argument(metavar="PUBLIC_ID")],
    categorization: options.Categorization = None,
    auto_tagging: options.AutoTagging = None,
    tags: options.Tags = None,
    context: options.Context = None,
    folder: options.Folder = None,
    notification_url: options.NotificationUrl = None,
    resource_type: options.ResourceType = "image",
    type_: options.Type = "upload",
    as_json: options.AsJson = False,
) -> None:
    """Process a stored asset as if it were uploaded again: find its labels, turn them into tags.

    --tags and --context replace what is there; autotag tags adds and removes single tags.
    Exit code 1: there is no such asset, or the call failed.
    """
    from autotag_cli.input.option_text import check_utf8

    options.check_types(resource_type, type_)
    check_utf8("PUBLIC_ID", public_id)
    requested = options.call_fields(
        categorization=categorization,
        auto_tagging=auto_tagging,
        tags=tags,
        context=context,
        folder=folder,
        notification_url=notification_url,
    )
    sent = {"public_id": public_id, "type": type_, **requested}

    def call(client: "CloudinaryClient") -> dict[str, Any]:
        return client.upload_api(resource_type, "explicit", sent, once="categorization" in requested)

    _call_once(ctx, call, (public_id, resource_type, type_), requested, as_json=as_json)


def update(
    ctx: typer.Context,
    asset: Annotated[str, typer.Argument(metavar="PUBLIC_ID|ASSET_ID")],
    categorization: options.Categorization = None,
    auto_tagging: options.AutoTagging = None,
    tags: options.Tags = None,
    context: options.Context = None,
    folder: options.Folder = None,
    notification_url: options.NotificationUrl = None,
    resource_type: options.ResourceType = "image",
    type_: options.Type = "upload",
    as_json: options.AsJson = False,
) -> None:
    """Change a stored asset through the Admin API, which has an hourly limit of calls.

    --tags and --context replace what is there; autotag tags adds and removes single tags.
    Exit code 1: there is no such asset, or the call failed.
    """
    from autotag.domain.errors import Invalid
    from autotag_cli.cloudinary.admin_calls import update_asset

    options.check_types(resource_type, type_)
    requested = options.call_fields(
        categorization=categorization,
        auto_tagging=auto_tagging,
        tags=tags,
        context=context,
        folder=folder,
        notification_url=notification_url,
    )
    if not requested.keys() - {"notification_url"}:
        raise Invalid("", "there is nothing to change: expected --categorization, --tags, --context or --folder")

    def call(client: "CloudinaryClient") -> dict[str, Any]:
        return update_asset(client, asset, resource_type, type_, requested, once="categorization" in requested)

    _call_once(ctx, call, (asset, resource_type, type_), requested, as_json=as_json)


def _call_once(
    ctx: typer.Context,
    call: "Callable[[CloudinaryClient], dict[str, Any]]",
    asset: tuple[str, str, str],
    requested: dict[str, str],
    *,
    as_json: bool,
) -> None:
    """Make ``call`` so that it costs no unit twice, and print the asset: its name, its resource type and its type."""
    from autotag_cli.cloudinary.admin_calls import read_asset
    from autotag_cli.cloudinary.charged_once import call_once, print_answer
    from autotag_cli.cloudinary.transport.connection import connect
    from autotag_cli.stack.environment import environment_of

    client = connect(ctx)
    result = call_once(lambda: call(client), lambda: read_asset(client, *asset), requested, environment_of(ctx).sleep)
    print_answer(result, requested, as_json=as_json)
