"""``autotag decide``: decides offline which labels become tags, and explains why."""

import sys
from itertools import chain, islice
from typing import Annotated

import typer

_FEW = 5
"""Up to this many inputs have a table each. More are only summed up, unless --tables is given."""
_LABELS_ONLY = (
    "An info notification has no folder, format, context or tags: the folder was taken from the public_id; "
    "give the rest with --folder, --format, --context and --tag."
)
_NO_LABELS = (
    "No asset of the list has labels. Lists of the Admin and Search APIs mostly hold none; "
    "autotag resource PUBLIC_ID --json prints an asset with its labels."
)


def decide(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE|FOLDER|PATTERN|-]...",
            help="Upload or update responses, Admin resources, upload or info notifications: one in a file, or any "
            "number as JSON lines; - is stdin.",
        ),
    ] = None,
    rules: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="The rules to use.", show_default="the shipped default_rules.toml"),
    ] = None,
    labels: Annotated[
        list[str] | None,
        typer.Option(
            "--label",
            metavar="NAME=CONFIDENCE",
            help="A label, instead of an input, such as Guitar=0.7046 or google_tagging:Guitar=0.7046; repeatable.",
        ),
    ] = None,
    lines: Annotated[
        bool, typer.Option("--lines", help="Read each line as one input, whatever the files are called.")
    ] = False,
    tables: Annotated[
        bool, typer.Option("--tables", help=f"Show a table for each input, even for more than {_FEW}.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object a line for each input, in the shape of an audit.")
    ] = False,
    public_id: Annotated[str | None, typer.Option(help="The asset's public_id; overrides the input's.")] = None,
    folder: Annotated[str | None, typer.Option(help="The asset's folder; overrides the input's.")] = None,
    format_: Annotated[
        str | None, typer.Option("--format", help="The asset's format, such as jpg; overrides the input's.")
    ] = None,
    resource_type: Annotated[
        str | None, typer.Option(help="The asset's type: image, video or raw; overrides the input's.")
    ] = None,
    tags: Annotated[
        list[str] | None,
        typer.Option("--tag", "--tags", metavar="TAG,...", help="Tags that are already on the asset; repeatable."),
    ] = None,
    managed_tags: Annotated[
        list[str] | None,
        typer.Option("--ours", metavar="TAG,...", help="Tags that this service added to it earlier; repeatable."),
    ] = None,
    removed: Annotated[
        list[str] | None,
        typer.Option("--removed", metavar="TAG,...", help="Tags that a person removed from it; repeatable."),
    ] = None,
    context: Annotated[
        list[str] | None, typer.Option(metavar="KEY=VALUE", help="Contextual metadata of the asset; repeatable.")
    ] = None,
    metadata: Annotated[
        list[str] | None,
        typer.Option(metavar="ID=VALUE", help="Structured metadata, by ids; repeatable, also for several values."),
    ] = None,
    parents: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LABEL=ANCESTOR,...", help="Ancestors that Rekognition's own answer names for a label; repeatable."
        ),
    ] = None,
) -> None:
    """Decide offline which labels become tags, and explain why.

    The command contacts neither Cloudinary nor AWS; the deployed service decides the same.
    Each asset of a list, such as a page of the Admin or Search API, is decided on by itself. Links in folders and
    patterns are left out. An input that cannot be read is reported and left out, and the others are decided on.
    Exit code 1: categorization failed or is still pending, or a file or folder could not be read. 2: invalid input.
    """
    from autotag.domain.errors import Invalid
    from autotag_cli.command_line.combinations import refuse_beside
    from autotag_cli.decide.offline_decision import audit_record, decide_offline
    from autotag_cli.decide.summary import Summary
    from autotag_cli.input.asset_lists import split_lists
    from autotag_cli.input.decision_inputs import AssetOverrides, document_of_labels, read_asset
    from autotag_cli.input.documents import find_files, read_documents
    from autotag_cli.input.option_text import check_utf8, listed_names
    from autotag_cli.input.rules_file import load_rules
    from autotag_cli.terminal.left_out_files import report_left_out
    from autotag_cli.terminal.output import console, note, print_json
    from autotag_cli.terminal.progress import progress_bar

    if bool(inputs) == bool(labels):
        raise typer.BadParameter("expected either inputs or --label", param_hint="FILE")
    if labels:
        refuse_beside("--label", "which reads no file", {"--lines": lines})
    if as_json:
        refuse_beside("--json", "which prints no table", {"--tables": tables})
    for name, values in (("--label", labels), ("--ours", managed_tags), ("--removed", removed), ("--tag", tags)):
        check_utf8(name, *values or ())
    check_utf8("--context", *context or ())
    check_utf8("--metadata", *metadata or ())
    check_utf8("--parents", *parents or ())
    for name, value in (("--public-id", public_id), ("--folder", folder), ("--format", format_)):
        check_utf8(name, value)
    overrides = AssetOverrides(
        public_id,
        folder,
        format_,
        tuple(listed_names(tags or ())),
        tuple(_pair(text, "--context", "KEY=VALUE") for text in context or ()),
        resource_type,
        tuple(_pair(text, "--metadata", "ID=VALUE") for text in metadata or ()),
        tuple(map(_parents, parents or ())),
    )
    ours, gone = listed_names(managed_tags or ()), listed_names(removed or ())
    ruleset = load_rules(rules)
    files = find_files(inputs or ())
    report_left_out(files.left_out)
    if labels:
        documents = iter([document_of_labels(labels, ruleset.providers[0])])
    else:
        documents = split_lists(read_documents(files, lines=lines))
    head = [] if as_json else list(islice(documents, _FEW + 1))
    each = not as_json and (tables or len(head) <= _FEW)
    scrolls = each or (as_json and sys.stdout.isatty())  # no progress bar between lines of output
    summary, labels_only, listed, labelled = Summary(), False, 0, 0
    with progress_bar("Deciding", files.size, "inputs", visible=not scrolls, waits_for="the next input") as bar:
        for document in chain(head, documents):
            bar.advance(document.size, 1)
            try:
                parsed = read_asset(document, overrides)
            except Invalid as error:
                bar.print_error(str(error))
                summary.add_error(document.location, unread=document.unread)
                continue
            offline = decide_offline(parsed.message, ruleset, managed_tags=ours, removed=gone)
            labels_only |= offline.decision is not None and not parsed.has_facts
            listed += document.listed
            labelled += bool(parsed.message.categorizations)
            if as_json:
                print_json(audit_record(offline))
            elif each:
                from autotag_cli.decide.view import print_decision  # Rich is only for tables

                print_decision(console(), document.location, offline, first=not summary.outcomes)
            summary.add(offline)
    if labels_only and not as_json:
        note(_LABELS_ONLY)
    if listed and not labelled:
        note(_NO_LABELS)
    if as_json and summary.inputs > 1:
        note(summary.sentence())
    elif not as_json and (not each or summary.inputs > _FEW):
        summary.show(console(), ruleset)
    elif not as_json and summary.inputs > 1:
        console().print(f"\n{summary.sentence()}")
    raise typer.Exit(summary.exit_code)


def _pair(text: str, option: str, expected: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise typer.BadParameter(f"{text!r}: expected {expected}", param_hint=option)
    return key, value


def _parents(text: str) -> tuple[str, tuple[str, ...]]:
    label, equals, names = text.rpartition("=")
    ancestors = tuple(name.strip() for name in names.split(",") if name.strip())
    if not label.strip() or not equals or not ancestors:
        raise typer.BadParameter(f"{text!r}: expected LABEL=ANCESTOR,...", param_hint="--parents")
    return label, ancestors
