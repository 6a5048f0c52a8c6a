"""``autotag review list``: the tags in review, the oldest question first."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from autotag_cli.review.options import Tag
from autotag_cli.stack.options import Folder, Stack

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from autotag.domain.review.questions import Question
    from autotag_cli.review.questions import AssetQuestions

_BESIDE, _WITH_SINCE = 50, 70
"""Columns of a terminal from which on there is room for the confidence beside the tag, and for the time."""

_WHY = "to learn how often their labels are right; answer them like the others"
_RETAG = "autotag retag --dry-run shows what changes, autotag retag brings the questions up to date"


def list_tags(
    ctx: typer.Context,
    folder: Folder = None,
    tag: Tag = None,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="The most assets to list.")] = 50,
    order: Annotated[
        Literal["oldest", "confidence"],
        typer.Option(help="The oldest question first, or with --tag also the most confident first."),
    ] = "oldest",
    stack: Stack = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON array, with an object for each asset.")
    ] = False,
) -> None:
    """List the tags in review: those between the review bar and the threshold of the rules, and those asked at random.

    Each is shown with the confidence of its best label and the threshold that this label does not reach. A question at
    random (autotag review sample) may be about a label of any confidence, and about a tag that is there already.
    """
    from itertools import islice

    from autotag.domain.errors import Invalid
    from autotag.domain.sentences.questions import AT_RANDOM
    from autotag_cli.review.questions import queued_assets, read_questions
    from autotag_cli.review.summary_view import counts_sentence
    from autotag_cli.stack.connection import connect_ops
    from autotag_cli.terminal.output import console, note, print_json

    if order == "confidence" and not tag:
        raise Invalid("--order confidence", "it needs --tag")
    ops = connect_ops(ctx, stack)
    found = queued_assets(ops, folder=folder, tag=tag, page=min(limit, 100), order=order)
    assets = list(islice(found, limit))
    if as_json:
        print_json([asset.answer for asset in assets], indent=2)
    elif assets:
        out = console()
        questions = [read_questions(asset.answer) for asset in assets]
        out.print(_table(out, questions))
        older = sum(not (question.asked or question.sample) for each in questions for question in each.tags)
        if older:
            tags = "This tag waits" if older == 1 else f"{older:,} of these tags wait"
            note(
                f"{tags} for a retag, as the active rules do not ask about {'it' if older == 1 else 'them'}: {_RETAG}."
            )
        if any(question.sample for each in questions for question in each.tags):
            note(f"{AT_RANDOM[0].upper()}{AT_RANDOM[1:]}: {_WHY}.")
    if not assets:
        note("No tag is in review.")
    elif assets[-1].more:
        first = "oldest" if order == "oldest" else "most confident"
        these = f"This is the {first}" if len(assets) == 1 else f"These are the {len(assets)} {first}"
        note(f"{these}; --limit lists more.")
    if assets and not as_json and (counts := counts_sentence(ops, folder)):
        note(counts)


def _table(out: "Console", assets: "list[AssetQuestions]") -> "Table":
    from rich.text import Text

    from autotag_cli.terminal.output import columns_table, plain

    table = columns_table()
    beside, says_since = out.width >= _BESIDE, out.width >= _WITH_SINCE
    titles = ("Asset", "Tag", *(("Confidence, threshold",) if beside else ()), *(("Since",) if says_since else ()))
    for title in titles:
        table.add_column(title, overflow="fold", no_wrap=title == "Confidence, threshold")
    for questions in assets:
        since = plain(questions.since[:16].replace("T", " "), "dim")
        for n, question in enumerate(questions.tags):
            tag, confidence = _tag(questions, question), question_confidence(out, question)
            cells = (tag, confidence) if beside else (Text.assemble(tag, "\n", confidence),)
            row = (plain(questions.asset.public_id if n == 0 else ""), *cells, since if n == 0 else plain(""))
            table.add_row(*row[: len(titles)])
    return table


def _tag(questions: "AssetQuestions", question: "Question") -> "Text":
    from rich.text import Text

    from autotag.domain.sentences.questions import AT_RANDOM
    from autotag_cli.terminal.output import plain

    labels = ", ".join(found.label for found in question.labels)
    parts: list[Text | str] = [plain(question.tag, "yellow")]
    if question.labels and labels != question.tag:
        parts.append(plain(f" ({labels})", "dim"))
    if question.sample:
        there = ", it has the tag already" if questions.has(question) else ""
        parts += ["\n", plain(f"{AT_RANDOM}{there}", "dim")]
    if not question.asked:
        parts += ["\n", plain(question.because, "dim")]
    return Text.assemble(*parts, overflow="fold")


def question_confidence(out: "Console", question: "Question") -> "Text":
    """Return the confidence of the best label against its threshold; empty if no label is known."""
    from rich.text import Text

    from autotag_cli.terminal.confidence_bar import confidence_bar

    if not question.labels:
        return Text("")
    confidence = question.labels[0].confidence
    return confidence_bar(confidence, question.threshold, "yellow", ascii_only=out.options.ascii_only)
