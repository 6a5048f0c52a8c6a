"""``autotag export``: every asset of a stack in a file, or in the files of its bucket."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from autotag_cli.stack.options import Stack

if TYPE_CHECKING:
    from autotag_cli.export.bucket import Location
    from autotag_cli.stack.environment import Environment
    from autotag_cli.stack.ops_client import OpsClient


class Format(StrEnum):
    """How the file is written."""

    PARQUET = "parquet"
    JSONL = "jsonl"


def export(
    ctx: typer.Context,
    file: Annotated[
        str | None,
        typer.Argument(metavar="[FILE]", help="The file to write; with --from-s3, the folder.", show_default=False),
    ] = None,
    format_: Annotated[
        Format | None,
        typer.Option("--format", help="parquet: in columns; jsonl: lines of JSON. Default: jsonl if FILE ends so."),
    ] = None,
    to_s3: Annotated[
        bool, typer.Option("--to-s3", help="Have the stack write Parquet files to its bucket, without this machine.")
    ] = False,
    segments: Annotated[
        int | None,
        typer.Option(min=1, max=1000, help="With --to-s3: parts of the table that are read side by side (16)."),
    ] = None,
    file_assets: Annotated[
        int | None,
        typer.Option(min=1, max=200_000, help="With --to-s3: assets of a file at most (100,000)."),
    ] = None,
    from_s3: Annotated[
        str | None,
        typer.Option(metavar="s3://…", help="Fetch an export of the bucket into the folder FILE."),
    ] = None,
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="With --to-s3 and --from-s3: wait until the export is complete.")
    ] = True,
    stack: Stack = None,
) -> None:
    """Write all assets with their labels, their tags and people's edits into a file: Parquet, or lines of JSON.

    Parquet takes a sixth of the space, autotag rules diff answers from it within seconds, and DuckDB, Athena and Spark
    read it as it is.

    autotag rules diff and autotag rules suggest read it, as often as you like and without calling the stack again.
    FILE is replaced once everything is read; to continue an interrupted export, run the same command again.
    With --to-s3 the stack writes the files to its own bucket (docs/export.md); stopping the command stops only waiting.
    Exit code 1: the stack could not be read, the disk is full, or another export writes FILE; 2: FILE cannot be used.
    """
    from autotag_cli.command_line.combinations import refuse_beside

    if to_s3 and from_s3 is not None:
        raise typer.BadParameter("expected either --to-s3 or --from-s3", param_hint="--from-s3")
    for option, given in (("--segments", segments), ("--file-assets", file_assets)):
        if given is not None and not to_s3:
            raise typer.BadParameter("goes with --to-s3", param_hint=option)
    if to_s3:
        refuse_beside("--to-s3", "which writes Parquet to the bucket", {"--format": format_ is not None})
        if file is not None:
            raise typer.BadParameter("has no meaning with --to-s3: fetch it later with --from-s3", param_hint="FILE")
        _to_bucket(ctx, stack, segments, file_assets, wait=wait)
    elif from_s3 is not None:
        refuse_beside("--from-s3", "which fetches Parquet", {"--format": format_ is not None})
        _from_bucket(ctx, stack, from_s3, file, wait=wait)
    else:
        if file is None:
            raise typer.BadParameter("expected the file to write, or --to-s3", param_hint="FILE")
        if not wait:
            raise typer.BadParameter("goes with --to-s3 or --from-s3", param_hint="--no-wait")
        _to_file(ctx, stack, file, format_)


def _to_file(ctx: typer.Context, stack: str | None, file: str, format_: Format | None) -> None:
    from autotag_cli.errors import Failure
    from autotag_cli.export.columns import check_columns, finish_columns
    from autotag_cli.export.write import AlreadyExporting, move
    from autotag_cli.export.write import export as write
    from autotag_cli.stack.connection import connect_ops
    from autotag_cli.stack.environment import environment_of
    from autotag_cli.terminal.output import note, printable

    lines = format_ is Format.JSONL or (format_ is None and file.endswith((".jsonl", ".ndjson")))
    if not lines:
        check_columns("autotag export without --format jsonl")
    ops = connect_ops(ctx, stack)
    hint = "run the same command again to continue where it stopped"
    at = _now(environment_of(ctx))
    try:
        assets = write(ops, ops.target.stack, file, at, move if lines else finish_columns)
    except AlreadyExporting:
        raise
    except Failure as error:
        raise Failure(f"{error}; {hint}") from error
    except (KeyboardInterrupt, SystemExit):  # SystemExit: terminated while the progress is shown
        note(f"Stopped: {hint}.")
        raise
    typer.echo(printable(f"{file}: {assets:,} assets of {ops.target.stack}"))


def _to_bucket(
    ctx: typer.Context, stack: str | None, segments: int | None, file_assets: int | None, *, wait: bool
) -> None:
    from autotag.domain.model.exports import ASSETS, SEGMENTS
    from autotag.service.exports.start import StartExport
    from autotag_cli.export.to_bucket import start
    from autotag_cli.stack.connection import connect_ops
    from autotag_cli.stack.environment import environment_of

    ops = connect_ops(ctx, stack, changes=True)
    request = StartExport(_now(environment_of(ctx)), segments or SEGMENTS, file_assets or ASSETS)
    place = start(ops, ops.target.outputs, ops.target.stack, request)
    if wait:
        _finish(ctx, ops, place, None, segments=request.segments)
    else:
        typer.echo(f"{place}: begun")


def _from_bucket(ctx: typer.Context, stack: str | None, text: str, folder: str | None, *, wait: bool) -> None:
    from autotag_cli.errors import Failure
    from autotag_cli.export.bucket import Bucket, Location
    from autotag_cli.stack.connection import connect_ops
    from autotag_cli.stack.environment import environment_of

    place = Location.parse(text)
    ops = connect_ops(ctx, stack)
    if not wait:
        found = Bucket(environment_of(ctx).aws(ops.target, "s3"), place).progress()
        if not found.is_complete:
            so_far = f"{found.files:,} files of {found.bytes:,} bytes, {found.segments:,} segments are complete"
            raise Failure(f"{place} is not complete: {so_far}")
    _finish(ctx, ops, place, folder, segments=None)


def _finish(
    ctx: typer.Context, ops: "OpsClient", place: "Location", folder: str | None, *, segments: int | None
) -> None:
    """Wait until an export is complete, fetch it if a folder is named, and say what it holds."""
    from autotag_cli.export.bucket import Bucket
    from autotag_cli.export.download import download
    from autotag_cli.export.to_bucket import wait_for
    from autotag_cli.stack.environment import environment_of
    from autotag_cli.terminal.output import note, printable

    environment = environment_of(ctx)
    bucket = Bucket(environment.aws(ops.target, "s3"), place)
    try:
        manifest = wait_for(bucket, ops, place, segments, environment.sleep)
    except KeyboardInterrupt:
        note(f"Stopped waiting; the stack goes on: autotag export --from-s3 {place}")
        raise
    if folder is not None:
        download(bucket, manifest, folder)
    where = printable(folder) if folder is not None else str(place)
    typer.echo(f"{where}: {manifest.assets:,} assets of {manifest.stack} in {len(manifest.files):,} files")


def _now(environment: "Environment") -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(int(environment.now()), UTC).isoformat().replace("+00:00", "Z")
