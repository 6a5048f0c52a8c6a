"""``autotag decide``: offline, which tags, and why each label did or did not become one."""

import sys
from itertools import chain, islice
from typing import Annotated

import typer

_FEW = 5
"""As many inputs have a table each; more are only summed up, unless --tables asks for them."""
_LABELS_ONLY = (
    "An info notification tells no folder, format, context or tags: the folder was taken from the public_id; "
    "tell the rest with --folder, --format, --context and --tag."
)


def decide(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE|FOLDER|PATTERN|-]...",
            help="Upload or update answers, Admin resources, upload or info notifications: one in a file, or JSON "
            "lines of any number; - is stdin.",
        ),
    ] = None,
    rules: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="The rules to decide by.", show_default="the shipped default_rules.toml"),
    ] = None,
    labels: Annotated[
        list[str] | None,
        typer.Option(
            "--label",
            metavar="NAME=CONFIDENCE",
            help="A label instead of an input, such as Guitar=0.7046 or google_tagging:Guitar=0.7046; repeatable.",
        ),
    ] = None,
    lines: Annotated[
        bool, typer.Option("--lines", help="Every line of the inputs is one, whatever the files are called.")
    ] = False,
    tables: Annotated[
        bool, typer.Option("--tables", help=f"Show the table of each input, also where they are more than {_FEW}.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object a line, one for each input, in the audit's shape.")
    ] = False,
    public_id: Annotated[str | None, typer.Option(help="The asset's public_id, over the input's.")] = None,
    folder: Annotated[str | None, typer.Option(help="The asset's folder, over the input's.")] = None,
    format_: Annotated[
        str | None, typer.Option("--format", help="The asset's format such as jpg, over the input's.")
    ] = None,
    tags: Annotated[
        list[str] | None, typer.Option("--tag", help="A tag that is on the asset already; repeatable.")
    ] = None,
    ours: Annotated[
        list[str] | None, typer.Option("--ours", help="A tag that this service wrote to it before; repeatable.")
    ] = None,
    removed: Annotated[
        list[str] | None, typer.Option("--removed", help="A tag that a person removed from it; repeatable.")
    ] = None,
    context: Annotated[
        list[str] | None, typer.Option(metavar="KEY=VALUE", help="Contextual metadata of the asset; repeatable.")
    ] = None,
) -> None:
    """Decide offline which labels become tags, and say why.

    Nothing is read from or written to Cloudinary or AWS; the deployed service decides the same.
    A list of assets, as of the Admin or the Search API, is decided on one by one. Of a folder or pattern, links are
    left out. An input that cannot be read is named and left out, too; the rest goes on.
    Exit code 1: categorization failed or is still pending, or a file or folder could not be read. 2: an input is none.
    """
    from autotag.domain.errors import Invalid
    from autotag_cli.input.asset_lists import one_by_one
    from autotag_cli.input.decision_inputs import Told, labelled, read_asset
    from autotag_cli.input.documents import find, read
    from autotag_cli.input.offline import decide_offline, record
    from autotag_cli.input.option_text import check_text
    from autotag_cli.input.rules_file import load_rules
    from autotag_cli.terminal.decision_view import show_asset
    from autotag_cli.terminal.left_out import tell_left_out
    from autotag_cli.terminal.output import console, note, print_json
    from autotag_cli.terminal.progress import meter
    from autotag_cli.terminal.summary import Summary

    if bool(inputs) == bool(labels):
        raise typer.BadParameter("expected either inputs or --label", param_hint="FILE")
    for name, values in (("--label", labels), ("--ours", ours), ("--removed", removed), ("--tag", tags)):
        check_text(name, *values or ())
    check_text("--context", *context or ())
    for name, value in (("--public-id", public_id), ("--folder", folder), ("--format", format_)):
        check_text(name, value)
    told = Told(public_id, folder, format_, tuple(tags or ()), tuple(map(_pair, context or ())))
    rulebook = load_rules(rules)
    files = find(inputs or ())
    tell_left_out(files.left_out)
    documents = iter([labelled(labels, rulebook.providers[0])]) if labels else one_by_one(read(files, lines=lines))
    head = [] if as_json else list(islice(documents, _FEW + 1))
    each = not as_json and (tables or len(head) <= _FEW)
    scrolls = each or (as_json and sys.stdout.isatty())  # a bar would only be in the way
    summary, labels_only = Summary(), False
    with meter("Deciding", files.size, "inputs", shown=not scrolls) as shown:
        for document in chain(head, documents):
            shown.advance(document.size, 1)
            try:
                asked = read_asset(document, told)
            except Invalid as error:
                shown.complain(str(error))
                summary.fault(document.place, unread=document.unread)
                continue
            offline = decide_offline(asked.message, rulebook, ours=ours or (), removed=removed or ())
            labels_only |= offline.decision is not None and not asked.has_facts
            if as_json:
                print_json(record(offline))
            elif each:
                show_asset(console(), document.place, offline, first=not summary.outcomes)
            summary.add(offline)
    if labels_only and not as_json:
        note(_LABELS_ONLY)
    if as_json and summary.inputs > 1:
        note(summary.sentence())
    elif not as_json and (not each or summary.inputs > _FEW):
        summary.show(console(), rulebook)
    elif not as_json and summary.inputs > 1:
        console().print(f"\n{summary.sentence()}")
    raise typer.Exit(summary.exit_code)


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise typer.BadParameter(f"{text!r}: expected KEY=VALUE", param_hint="--context")
    return key, value
