"""``autotag review go``: answer one by one, with the image and the reason, or all at once from a file."""

from typing import Annotated

import typer

from autotag_cli.review.options import WAIT, Tag, Wait
from autotag_cli.stack.options import Folder, Stack


def go(
    ctx: typer.Context,
    folder: Folder = None,
    tag: Tag = None,
    file: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|-",
            help='Read answers from a file, one a line: {"asset", "tag", "verdict"} as JSON, or these three with tabs '
            'between them; a verdict is accept, reject or clear, or as JSON undo with "of", an audit_id. - is stdin.',
        ),
    ] = None,
    cloud: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The cloud of the image URLs.", show_default="that of $CLOUDINARY_URL"),
    ] = None,
    wait: Wait = WAIT,
    stack: Stack = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object at the end.")] = False,
) -> None:
    """Answer one by one, the oldest question first: a accepts, r rejects, s skips, u takes back, q quits.

    The answers about an asset are sent after its last question, or at the end. u asks the question of your last answer
    again; an answer that was sent is taken back first, as autotag review undo does it, which takes a moment. With
    --file there are no questions, and nothing is sent if one of its lines has an error (exit code 2). Exit code 1: an
    answer was refused, or has not been carried out yet.
    """
    from autotag.domain.errors import Invalid
    from autotag_cli.input.files import MAX_LIST_SIZE, display_name, read_bytes
    from autotag_cli.review.answers_file import read_answers
    from autotag_cli.review.image_url import image_base
    from autotag_cli.review.interview import interview
    from autotag_cli.review.results_view import print_results
    from autotag_cli.review.submit import AnswerSender
    from autotag_cli.stack.connection import connect_ops
    from autotag_cli.stack.environment import environment_of
    from autotag_cli.terminal.output import note, print_error

    environment = environment_of(ctx)
    if file is not None:
        for name, value in (("--folder", folder), ("--tag", tag), ("--cloud", cloud)):
            if value is not None:
                raise Invalid(name, "it cannot be used with --file")
        answers = read_answers(read_bytes(file, MAX_LIST_SIZE), display_name(file))
        for error in answers.errors:
            print_error(error)
        if answers.errors:
            raise typer.Exit(2)
        if not answers.choices:
            raise Invalid(display_name(file), "expected at least one line")
        sender = AnswerSender(connect_ops(ctx, stack, changes=True), environment)
        sender.send(answers.choices)
    else:
        images = image_base(environment.variables, cloud)
        ops = connect_ops(ctx, stack, changes=True)
        sender = AnswerSender(ops, environment)
        number = interview(ops, sender, folder=folder, tag=tag, images=images)
        note(f"Answered: {number}." if number else "Nothing was answered.")
    print_results(sender.wait(wait), waited=wait > 0, as_json=as_json)
