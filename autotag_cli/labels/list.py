"""``autotag labels list``: every label of a library, with what became of it."""

from typing import Annotated

import typer

from autotag_cli.stack.options import AsJson, Stack


def list_labels(
    ctx: typer.Context,
    files: Annotated[
        list[str] | None, typer.Argument(metavar="[EXPORT]...", help="Files written by autotag export.")
    ] = None,
    stored: Annotated[bool, typer.Option("--stored", help="Count every asset that the stack knows.")] = False,
    stack: Stack = None,
    rules: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="The rules whose tags are counted and whose places are shown, or active: those of the stack.",
            show_default="active with --stored, else the shipped default_rules.toml",
        ),
    ] = None,
    provider: Annotated[
        str | None, typer.Option(metavar="NAME", help="Count the labels of this provider alone, such as rekognition.")
    ] = None,
    least: Annotated[
        int, typer.Option("--min", min=1, metavar="N", help="Show labels of at least N assets; --out has all.")
    ] = 1,
    as_json: AsJson = False,
    out: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Also write all of it into FILE, as JSON. autotag labels search and autotag rules check read "
            ".autotag/seen.json unless --seen names another file.",
        ),
    ] = None,
) -> None:
    """List every label of a library: on how many assets, how sure, what became of it, and which rules name it.

    Nothing is written but FILE, and Cloudinary is not called. Exit code 1: the request to the stack failed; 2: the
    rules or an export could not be read, FILE could not be written, or NAME is no provider.
    """
    from autotag.domain.errors import Invalid
    from autotag.domain.model.labels import PROVIDERS
    from autotag.domain.statistics.label_tags import LabelTags
    from autotag_cli.input.rules_file import SHIPPED
    from autotag_cli.input.seen_labels import RulesName, save_seen, seen_labels
    from autotag_cli.labels.collect import labels_of_exports, labels_of_stack
    from autotag_cli.labels.view import print_labels, print_labels_json
    from autotag_cli.stack.active_rules import ACTIVE, read_named_rules
    from autotag_cli.stack.connection import connect_ops
    from autotag_cli.terminal.output import counted, note

    if stored == bool(files):
        raise typer.BadParameter("expected either --stored, or files written by autotag export", param_hint="EXPORT")
    if provider is not None and provider not in PROVIDERS:
        raise Invalid("--provider", f"expected one of {', '.join(sorted(PROVIDERS))}, not {provider!r}")
    name = rules or (ACTIVE if stored else str(SHIPPED))
    client = connect_ops(ctx, stack) if stored or name == ACTIVE else None
    _, parsed, ruleset = read_named_rules(name, client)
    tags = LabelTags(parsed)
    if client and stored:
        found, source = labels_of_stack(client, tags, provider), client.target.stack
    else:
        found, source = labels_of_exports(files or (), tags, provider), ", ".join(files or ())
    named = RulesName(parsed.name, ruleset.version)
    seen = seen_labels(found, parsed, named, source, provider or "", ruleset.sets)
    if as_json:
        print_labels_json(seen, least)
    else:
        print_labels(seen, least)
    if out is not None:
        save_seen(out, seen)
        note(f"{out}: {counted(len(seen.labels), 'label')}")
