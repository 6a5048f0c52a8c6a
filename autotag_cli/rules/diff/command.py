"""``autotag rules diff``: which tags other rules would add and remove, on how many assets, without changing any."""

from typing import Annotated

import typer

from autotag_cli.stack.options import AsJson, Stack


def diff(
    ctx: typer.Context,
    old: Annotated[str, typer.Argument(metavar="OLD", help="A rules file, or active: the rules of the stack.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="A rules file, or active, to compare it with.")],
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE|FOLDER|PATTERN|-]...",
            help="Assets to compare on: exports of autotag export, or inputs as of autotag decide.",
        ),
    ] = None,
    stored: Annotated[
        bool, typer.Option("--stored", help="Compare on every asset that the stack knows; nothing is written.")
    ] = False,
    stack: Stack = None,
    resume: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="With --stored: store the progress in FILE, and resume from it after an interruption.",
        ),
    ] = None,
    lines: Annotated[
        bool, typer.Option("--lines", help="Read each line as one input, whatever the files are called.")
    ] = False,
    examples: Annotated[int, typer.Option(min=0, max=1000, help="How many assets to name for each tag.")] = 3,
    as_json: AsJson = False,
) -> None:
    """Compare two sets of rules: which tags would be gained and lost, and on how many assets.

    The command does not contact Cloudinary and changes nothing. Exit code 0 whatever the difference; 1: the request to
    the stack failed, or a file or folder could not be read; 2: an input or the rules are invalid.
    """
    from autotag_cli.command_line.combinations import refuse_beside
    from autotag_cli.errors import Failure
    from autotag_cli.rules.diff.checkpoint import remove_checkpoint
    from autotag_cli.rules.diff.compare import compare_inputs, compare_stack
    from autotag_cli.rules.diff.count_changes import ComparedRules
    from autotag_cli.rules.diff.view import print_diff, print_diff_json
    from autotag_cli.stack.active_rules import ACTIVE, load_named_rules
    from autotag_cli.stack.connection import connect_ops
    from autotag_cli.terminal.output import note

    if stored == bool(inputs):
        raise typer.BadParameter("expected either inputs or --stored", param_hint="FILE")
    if resume is not None and not stored:
        raise typer.BadParameter("goes with --stored", param_hint="--resume")
    if stored:
        refuse_beside("--stored", "which reads no file", {"--lines": lines})
    client = connect_ops(ctx, stack) if stored or ACTIVE in (old, new) else None
    compared = ComparedRules(load_named_rules(old, client), load_named_rules(new, client), examples)
    code = 0
    if client and stored:
        try:
            changes = compare_stack(client, client.target.stack, compared, resume)
        except Failure as error:
            raise Failure(f"{error}; {_how_to_resume(resume)}") from error
        except KeyboardInterrupt:
            note(f"Stopped: {_how_to_resume(resume)}.")
            raise
    else:
        changes, code = compare_inputs(inputs or (), compared, lines=lines)
    if as_json:
        print_diff_json(changes, compared)
    else:
        print_diff(changes, compared)
    if resume is not None:
        remove_checkpoint(resume)
    raise typer.Exit(code)


def _how_to_resume(resume: str | None) -> str:
    if resume is None:
        return "with --resume FILE the next comparison could resume where this one stopped"
    return f"the same command resumes where it stopped, with the progress in {resume}"
