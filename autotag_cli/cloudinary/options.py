"""Options that Cloudinary's calls share, and the parameters that are sent for them."""

from collections.abc import Iterable
from typing import Annotated

import typer

from autotag.domain.errors import Invalid
from autotag_cli.cloudinary.metadata_pairs import encode_pairs
from autotag_cli.cloudinary.permitted_names import check_folder
from autotag_cli.input.option_text import check_utf8, listed_names

Categorization = Annotated[
    list[str] | None,
    typer.Option(
        metavar="PROVIDER,...",
        help="Add-ons that are to find labels, such as aws_rek_tagging; each call costs. Repeatable.",
    ),
]
AutoTagging = Annotated[
    float | None,
    typer.Option(min=0.0, max=1.0, metavar="0..1", help="Turn all labels with at least this confidence into tags."),
]
Tags = Annotated[list[str] | None, typer.Option(metavar="TAG,...", help="The asset's tags; repeatable.")]
Context = Annotated[
    list[str] | None, typer.Option(metavar="KEY=VALUE", help="Contextual metadata of the asset; repeatable.")
]
Folder = Annotated[str | None, typer.Option(metavar="FOLDER", help="The asset's folder.")]
NotificationUrl = Annotated[
    str | None, typer.Option(metavar="URL", help="Where to send notifications of this call, instead of the usual URLs.")
]
ResourceType = Annotated[str, typer.Option(metavar="image|video|raw", help="The asset's resource type.")]
Type = Annotated[str, typer.Option("--type", metavar="upload|private|authenticated", help="The asset's delivery type.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print Cloudinary's response as JSON.")]


def call_fields(
    *,
    categorization: Iterable[str] | None = None,
    auto_tagging: float | None = None,
    tags: Iterable[str] | None = None,
    context: Iterable[str] | None = None,
    folder: str | None = None,
    notification_url: str | None = None,
) -> dict[str, str]:
    """Return the parameters of a call in Cloudinary's form. Raises ``Invalid`` that names the option."""
    pairs = [_pair(text) for text in context or ()]
    values = {
        "categorization": None if categorization is None else ",".join(listed_names(categorization)),
        "auto_tagging": None if auto_tagging is None else str(auto_tagging),
        "tags": None if tags is None else ",".join(listed_names(tags)),
        "context": encode_pairs(pairs) if pairs else None,
        "asset_folder": None if folder is None else check_folder(folder),
        "notification_url": notification_url,
    }
    given = {name: value for name, value in values.items() if value is not None}
    for name, value in given.items():
        check_utf8(f"--{name.removeprefix('asset_').replace('_', '-')}", value)
    return given


def check_types(resource_type: str, type_: str, *, auto: bool = False) -> None:
    """Raise ``Invalid`` if these are no valid types of assets; they become part of a path."""
    allowed = ("image", "video", "raw", *(["auto"] if auto else []))
    if resource_type not in allowed:
        raise Invalid("--resource-type", f"expected {', '.join(allowed[:-1])} or {allowed[-1]}, not {resource_type!r}")
    if not type_.isascii() or not type_.isidentifier():
        raise Invalid("--type", f"expected a word such as upload, private or authenticated, not {type_!r}")


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise Invalid("--context", f"expected KEY=VALUE, not {text!r}")
    return key, value
