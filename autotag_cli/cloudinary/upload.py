"""``autotag upload``: uploads files and whole libraries. Each file becomes one asset, whatever fails on the way."""

from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from autotag_cli.cloudinary.options import (
    AsJson,
    AutoTagging,
    Categorization,
    Context,
    Folder,
    NotificationUrl,
    Tags,
    Type,
)

if TYPE_CHECKING:
    from autotag_cli.cloudinary.uploading.batch import UploadOptions
    from autotag_cli.cloudinary.uploading.send import Call


class Selected(NamedTuple):
    """The arguments that name files, and the patterns of those to leave out."""

    files: tuple[str, ...]
    exclude: tuple[str, ...]


def upload(
    ctx: typer.Context,
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE|DIR|PATTERN|-...", help="Files, folders, patterns; - is a file on stdin."),
    ],
    public_id: Annotated[str | None, typer.Option(help="The asset's public_id, for a single file.")] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATTERN",
            help="Leave out files and folders of this name or path, such as drafts or '*.png'; repeatable.",
            show_default="folders that programs make, such as @eaDir and __MACOSX",
        ),
    ] = None,
    folder: Folder = None,
    tags: Tags = None,
    context: Context = None,
    categorization: Categorization = None,
    auto_tagging: AutoTagging = None,
    resource_type: Annotated[
        str, typer.Option(metavar="auto|image|video|raw", help="The asset's resource type.")
    ] = "auto",
    type_: Type = "upload",
    overwrite: Annotated[
        bool | None,
        typer.Option(
            "--overwrite/--no-overwrite",
            help="Send existing assets again, keeping their tags and metadata, or leave them.",
            show_default="one file: replace other content; many: refuse it; either: leave the same content",
        ),
    ] = None,
    complete: Annotated[
        bool,
        typer.Option("--complete", help="Categorize and tag existing assets that lack it; each call costs."),
    ] = False,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="Try all files, even if Cloudinary refuses many with the same words.")
    ] = False,
    notification_url: NotificationUrl = None,
    asynchronous: Annotated[
        bool, typer.Option("--async", help="Let Cloudinary process the file after its response.")
    ] = False,
    jobs: Annotated[int, typer.Option(min=1, max=32, help="The number of files at a time.")] = 4,
    resume: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Record in FILE what has arrived, and keep it: a repeat sends what is new or changed.",
            show_default="a file in $XDG_STATE_HOME/autotag, until all have arrived",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Upload a file as one call, or many files, each under the public_id of its relative path without extension.

    In folders and patterns, hidden files, links, and files that are no image or video are skipped; a link that is an
    argument is followed. A failed file, or a folder that cannot be read, does not stop the others. Run the same command
    again after an interruption, or to retry what failed: what has arrived is not sent again.
    A changed file replaces its asset's picture. The asset's tags, context, structured metadata and folder stay, and
    --tags and --context add to them. Exit code 1: a file failed, or its asset existed already and is not categorized or
    tagged as requested; the last lines say which. 130, 143: interrupted.
    """
    from autotag_cli.cloudinary.options import call_fields, check_types
    from autotag_cli.cloudinary.permitted_names import check_folder, check_public_id
    from autotag_cli.cloudinary.transport.connection import connect
    from autotag_cli.cloudinary.uploading.send import Call
    from autotag_cli.input.option_text import check_utf8
    from autotag_cli.stack.environment import environment_of

    check_types(resource_type, type_, auto=True)
    check_utf8("--public-id", public_id)
    check_utf8("--folder", folder)
    requested = call_fields(
        categorization=categorization,
        auto_tagging=auto_tagging,
        tags=tags,
        context=context,
        notification_url=notification_url,
    )
    requested |= {"type": type_, **({"async": "true"} if asynchronous else {})}
    call = Call(resource_type, requested, overwrite)
    folder = check_folder(folder or "", may_be_reserved=True)
    if public_id is not None:
        check_public_id(public_id)
    if _is_one(files, resume):
        from autotag_cli.cloudinary.uploading.single import SingleFile, upload_one

        file = SingleFile(files[0], public_id, folder, completing=complete)
        if exclude:
            raise typer.BadParameter("expected with a folder, a pattern or many files", param_hint="--exclude")
        upload_one(connect(ctx), call, file, environment_of(ctx).sleep, as_json=as_json)
        return
    if public_id is not None:
        raise typer.BadParameter("is for a single file", param_hint="--public-id")
    from autotag_cli.cloudinary.uploading.batch import UploadOptions

    options = UploadOptions(jobs, as_json=as_json, completing=complete, keep_going=keep_going)
    raise typer.Exit(_many(ctx, call, Selected(tuple(files), tuple(exclude or ())), folder, resume, options))


def _is_one(files: list[str], resume: str | None) -> bool:
    import os

    if "-" in files and (len(files) > 1 or resume):
        raise typer.BadParameter("- cannot be combined with other files or --resume", param_hint="FILE")
    return files == ["-"] or (len(files) == 1 and resume is None and os.path.isfile(files[0]))


def _many(
    ctx: typer.Context, call: "Call", selected: Selected, folder: str, resume: str | None, options: "UploadOptions"
) -> int:
    from pathlib import Path

    from autotag.domain.errors import Invalid
    from autotag_cli.cloudinary.transport.connection import connect
    from autotag_cli.cloudinary.uploading.batch import upload_all
    from autotag_cli.cloudinary.uploading.journal import Journal
    from autotag_cli.cloudinary.uploading.journal_header import JournalHeader, default_path
    from autotag_cli.cloudinary.uploading.naming import name_all
    from autotag_cli.cloudinary.uploading.send import Sender
    from autotag_cli.cloudinary.uploading.sources import find_sources
    from autotag_cli.cloudinary.uploading.start_time import start_time
    from autotag_cli.stack.environment import environment_of
    from autotag_cli.terminal.left_out_files import report_left_out
    from autotag_cli.terminal.output import note

    client, environment = connect(ctx, connections=options.jobs), environment_of(ctx)
    sources = find_sources(selected.files, selected.exclude)
    if sources.misnamed:
        raise Invalid("", "; ".join(sources.misnamed))
    report_left_out(sources.left_out)
    for sentence in sources.exclusions:
        note(sentence)
    header = JournalHeader.of(client.account.cloud_name, client.account.api_base, call)
    path = default_path(environment.variables, header, list(selected.files)) if resume is None else Path(resume)
    journal = Journal(path, header)
    code = 1
    try:
        if journal.damaged:
            note(f"{journal.damaged:,} lines of {path} are damaged: their files are checked again.")
        began = journal.began(lambda: start_time(client, environment.sleep)) if call.overwrite else 0
        sender = Sender(client, call, began=began, sleep=environment.sleep)
        named = name_all(sources.sources, folder, call.resource_type)
        for remark in named.remarks:
            note(f"{remark}.")
        named = named._replace(errors=(*sources.unread, *named.errors))
        code = upload_all(named, sources.skipped, sender, journal, options)
    finally:
        journal.close(remove=resume is None and code == 0)
    if code:
        note(f"Run the same command again to continue: what has arrived is recorded in {path}.")
    return code
