"""``autotag rules translate``: makes the table of a language, for people to edit."""

from typing import TYPE_CHECKING, Annotated

import typer

from autotag_cli.runs.options import Yes
from autotag_cli.stack.options import Stack

if TYPE_CHECKING:
    from autotag.domain.rules.schema import Rules
    from autotag_cli.input.seen_labels import SeenLabel
    from autotag_cli.rules.translate.collect import Translated
    from autotag_cli.rules.translate.wanted import Wanted
    from autotag_cli.stack.environment import Environment
    from autotag_cli.stack.ops_client import OpsClient


def translate(
    ctx: typer.Context,
    exports: Annotated[
        list[str] | None, typer.Argument(metavar="[EXPORT]...", help="Files written by autotag export.")
    ] = None,
    to: Annotated[str, typer.Option("--to", metavar="CODE", help="The language of the words, such as de.")] = ...,  # type: ignore[assignment]
    source: Annotated[str, typer.Option("--from", metavar="CODE", help="The language of the rules and labels.")] = "en",
    rules: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="The rules whose tags need words, or active: those of the stack.",
            show_default="active with --stored, else the shipped default_rules.toml",
        ),
    ] = None,
    stored: Annotated[bool, typer.Option("--stored", help="Words for the labels of every asset in the stack.")] = False,
    stack: Stack = None,
    seen: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Words for the labels in FILE, which autotag labels --out wrote.",
            show_default=".autotag/seen.json, if it is there",
        ),
    ] = None,
    file: Annotated[
        str | None,
        typer.Option("--file", metavar="WORDS", help="Take the words from a CSV file with the columns tag and word."),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Write the rules with the words into FILE; rules that are there already only get the missing words.",
        ),
    ] = None,
    yes: Yes = False,
) -> None:
    """Make the table of a language: a word for each tag of a library that has none yet, the most frequent ones first.

    Words come from Amazon Translate in the region and with the credentials of the environment, which costs money and is
    asked only after a question, or from a file. Read them: a label is one word without a context. Words that the table
    has are kept. Without --out the table is printed.

    What came before an error or an interruption is written as well. Exit code 1: Amazon Translate or the stack failed,
    or it was interrupted; 2: the rules or a file could not be read, or FILE could not be written.
    """
    from autotag.domain.rules_text.words import with_table
    from autotag_cli.input.categories import known_categories
    from autotag_cli.input.files import display_name
    from autotag_cli.input.rules_file import SHIPPED, read_rules, rules_text
    from autotag_cli.rules.translate.amazon import amazon_code
    from autotag_cli.rules.translate.table import check_code, check_writable, rules_to_change, write_words
    from autotag_cli.rules.translate.wanted import wanted
    from autotag_cli.stack.active_rules import ACTIVE, active_rules_text
    from autotag_cli.stack.connection import connect_ops
    from autotag_cli.stack.environment import environment_of
    from autotag_cli.terminal.output import note

    check_code("--to", to)
    check_code("--from", source)
    if file is None and amazon_code(to) == amazon_code(source):
        raise typer.BadParameter(f"--to: found {to!r}, expected another language than that of --from")
    if sum((stored, bool(exports), seen is not None)) > 1:
        raise typer.BadParameter("expected one of --stored, --seen and files written by autotag export")
    name = rules or (ACTIVE if stored else str(SHIPPED))
    client = connect_ops(ctx, stack) if stored or name == ACTIVE else None
    named = active_rules_text(client).text if client and name == ACTIVE else rules_text(name)
    text = with_table(rules_to_change(out, named, rules), to, source)
    parsed = read_rules(text, display_name(out or name))
    labels = _labels(parsed, client if stored else None, exports or (), seen)
    need = wanted(parsed, to, labels, known_categories().resolve(parsed).sets)
    if not need.tags:
        note("no tag is known: give --stored, files written by autotag export, or rules that name tags")
    if out is not None:
        check_writable(out, text, need)
    found = _words(need, source, file, environment_of(ctx), yes=yes)
    write_words(out, text, parsed, need, found)


def _labels(
    rules: "Rules", client: "OpsClient | None", exports: "list[str] | tuple[str, ...]", seen: str | None
) -> "tuple[SeenLabel, ...]":
    """Return the labels of the library, those of most assets first."""
    from autotag.domain.statistics.label_tags import LabelTags
    from autotag_cli.input.seen_labels import RulesName, seen_labels
    from autotag_cli.labels.collect import labels_of_exports, labels_of_stack
    from autotag_cli.labels.knowledge import read_label_files

    if client is None and not exports:
        known = read_label_files(seen).seen
        return known.labels if known else ()
    tags = LabelTags(rules)
    found = labels_of_stack(client, tags, None) if client else labels_of_exports(exports, tags, None)
    return seen_labels(found, rules, RulesName(rules.name, ""), "", "").labels


def _words(need: "Wanted", source: str, file: str | None, environment: "Environment", *, yes: bool) -> "Translated":
    import sys

    from autotag_cli.rules.translate.amazon import AmazonTranslate
    from autotag_cli.rules.translate.collect import Translated, translated
    from autotag_cli.rules.translate.words_file import read_words, words_of
    from autotag_cli.runs.confirm import confirm
    from autotag_cli.terminal.progress import progress_bar

    if file is not None:
        return Translated(words_of(need.missing, read_words(file)))
    if not need.missing:
        return Translated()
    confirm(need.question, yes=yes, terminal=sys.stdin)
    amazon = AmazonTranslate(source, need.code, lambda: environment.translate(environment.region, environment.profile))
    waits_for = "Amazon Translate's answer"
    with progress_bar("Translating", len(need.missing), "words", waits_for=waits_for) as bar:
        return translated(need.missing, amazon.word, lambda: bar.advance(1, 1))
