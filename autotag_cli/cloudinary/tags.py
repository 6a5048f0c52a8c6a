"""``autotag tags``: adds, removes and replaces the tags of many assets."""

from itertools import batched
from typing import Annotated, Any

import typer

from autotag_cli.cloudinary.options import AsJson, ResourceType, Type
from autotag_cli.command_line.groups import Group

app = typer.Typer(
    name="tags", cls=Group, no_args_is_help=True, help="Add, remove and replace the tags of assets in Cloudinary."
)

_A_CALL = 1000
"""The highest number of assets in one call. Source: Cloudinary's official SDKs."""
_NAMED = 10

_Tags = Annotated[list[str], typer.Argument(metavar="TAG...", help="Tags, separated by spaces or commas.")]
_To = Annotated[list[str] | None, typer.Option("--to", metavar="PUBLIC_ID", help="An asset; repeatable.")]
_ToFile = Annotated[
    str | None, typer.Option("--to-file", metavar="FILE|-", help="A file with one public_id a line; - is stdin.")
]


@app.command()
def add(
    ctx: typer.Context,
    tags: _Tags,
    to: _To = None,
    to_file: _ToFile = None,
    resource_type: ResourceType = "image",
    type_: Type = "upload",
    as_json: AsJson = False,
) -> None:
    """Add tags to assets. Exit code 1: Cloudinary's response did not name all of the assets."""
    _change(ctx, "add", tags, (to, to_file), (resource_type, type_), as_json)


@app.command()
def remove(
    ctx: typer.Context,
    tags: _Tags,
    to: _To = None,
    to_file: _ToFile = None,
    resource_type: ResourceType = "image",
    type_: Type = "upload",
    as_json: AsJson = False,
) -> None:
    """Remove tags from assets. Exit code 1: Cloudinary's response did not name all of the assets."""
    _change(ctx, "remove", tags, (to, to_file), (resource_type, type_), as_json)


@app.command()
def replace(
    ctx: typer.Context,
    tags: _Tags,
    to: _To = None,
    to_file: _ToFile = None,
    resource_type: ResourceType = "image",
    type_: Type = "upload",
    as_json: AsJson = False,
) -> None:
    """Replace all tags of assets with these. Exit code 1: Cloudinary's response did not name all of the assets."""
    _change(ctx, "replace", tags, (to, to_file), (resource_type, type_), as_json)


@app.command("remove-all")
def remove_all(
    ctx: typer.Context,
    to: _To = None,
    to_file: _ToFile = None,
    resource_type: ResourceType = "image",
    type_: Type = "upload",
    as_json: AsJson = False,
) -> None:
    """Remove every tag from assets. Exit code 1: Cloudinary's response did not name all of the assets."""
    _change(ctx, "remove_all", [], (to, to_file), (resource_type, type_), as_json)


def _change(
    ctx: typer.Context,
    command: str,
    texts: list[str],
    to: tuple[list[str] | None, str | None],
    kind: tuple[str, str],
    as_json: bool,
) -> None:
    from autotag.domain.errors import Invalid
    from autotag_cli.cloudinary.options import check_types
    from autotag_cli.cloudinary.transport.connection import connect
    from autotag_cli.input.option_text import check_utf8, listed_names
    from autotag_cli.terminal.output import note, print_error, print_json

    resource_type, type_ = kind
    check_types(resource_type, type_)
    names = listed_names(texts)
    check_utf8("TAG", *names)
    check_utf8("--to", *(to[0] or ()))
    if not names and command != "remove_all":
        raise Invalid("TAG", "expected at least one tag")
    public_ids = _public_ids(*to)
    client, changed = connect(ctx), set[str]()
    for some in batched(public_ids, _A_CALL, strict=False):
        fields: dict[str, Any] = {"command": command, "public_ids": some, "type": type_}
        answer = client.upload_api(resource_type, "tags", fields | ({"tag": ",".join(names)} if names else {}))
        changed.update(answer.get("public_ids", ()))
        if as_json:
            print_json(answer)
    other = [public_id for public_id in public_ids if public_id not in changed]
    if not as_json:
        note(f"{len(public_ids) - len(other):,} of {len(public_ids):,} assets: done.")
    if other:
        more = f" and {len(other) - _NAMED:,} more" if len(other) > _NAMED else ""
        print_error(
            f"Cloudinary's response does not name {', '.join(other[:_NAMED])}{more}: "
            "missing, or already as requested; check with autotag resource PUBLIC_ID"
        )
        raise typer.Exit(1)


def _public_ids(to: list[str] | None, to_file: str | None) -> list[str]:
    from autotag.domain.errors import Invalid
    from autotag_cli.input.files import MAX_LIST_SIZE, display_name, read_bytes

    public_ids = list(to or ())
    if to_file is not None:
        try:
            lines = read_bytes(to_file, MAX_LIST_SIZE).decode("utf-8-sig").splitlines()
        except UnicodeDecodeError as error:
            raise Invalid(display_name(to_file), "expected UTF-8") from error
        public_ids += [line.strip() for line in lines if line.strip()]
    if not public_ids:
        raise Invalid("--to", "expected at least one public_id, or --to-file with one a line")
    return list(dict.fromkeys(public_ids))
