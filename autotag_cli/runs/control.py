"""``autotag runs``: lists, shows, watches and stops runs."""

from typing import TYPE_CHECKING, Any, Literal

import typer

from autotag_cli.command_line.groups import Group
from autotag_cli.runs.options import RunId
from autotag_cli.stack.options import AsJson, Stack

if TYPE_CHECKING:
    from rich.table import Table

    from autotag_cli.runs.run_view import RunView


class _ListsByDefault(Group):
    """A command group in which ``autotag runs`` alone means ``autotag runs list``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not {*self.commands, *ctx.help_option_names} & set(args) and not ctx.resilient_parsing:
            args = ["list", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(name="runs", cls=_ListsByDefault, help="List, watch and stop runs: retags, reverts and backfills.")


@app.command("list")
def list_(ctx: typer.Context, stack: Stack = None, as_json: AsJson = False) -> None:
    """List the last runs, newest first."""
    from autotag_cli.runs.run_view import read_run
    from autotag_cli.stack.connection import connect_ops
    from autotag_cli.terminal.output import console, note, print_json

    answers = connect_ops(ctx, stack).runs()
    if as_json:
        print_json(answers, indent=2)
    elif answers:
        console().print(_table([read_run(run) for run in answers]))
    else:
        note("There was no run yet.")


@app.command()
def show(ctx: typer.Context, run: RunId, stack: Stack = None, as_json: AsJson = False) -> None:
    """Show what a run is about, and its progress."""
    from autotag_cli.runs.run_ids import full_run_id
    from autotag_cli.stack.connection import connect_ops

    ops = connect_ops(ctx, stack)
    _print(ops.show_run(full_run_id(ops, run)), as_json=as_json)


@app.command()
def watch(ctx: typer.Context, run: RunId, stack: Stack = None, as_json: AsJson = False) -> None:
    """Watch a run until it stops. Exit code 1: it was stopped, or something failed."""
    from autotag_cli.runs.run_ids import full_run_id
    from autotag_cli.runs.start import report_result
    from autotag_cli.runs.watch import watch as watch_run
    from autotag_cli.stack.connection import connect_ops
    from autotag_cli.stack.environment import environment_of

    ops = connect_ops(ctx, stack)
    report_result(watch_run(ops, full_run_id(ops, run), environment_of(ctx)), as_json=as_json)


@app.command()
def pause(ctx: typer.Context, run: RunId, stack: Stack = None, as_json: AsJson = False) -> None:
    """Pause a run; its changes stay, and autotag runs resume continues it."""
    _control(ctx, run, "pause", stack, as_json=as_json)


@app.command()
def resume(ctx: typer.Context, run: RunId, stack: Stack = None, as_json: AsJson = False) -> None:
    """Continue a paused run: it looks at every asset again and changes those that it has not changed."""
    _control(ctx, run, "resume", stack, as_json=as_json)


@app.command()
def cancel(ctx: typer.Context, run: RunId, stack: Stack = None, as_json: AsJson = False) -> None:
    """Stop a run for good; its changes stay, and autotag revert --run undoes them."""
    _control(ctx, run, "cancel", stack, as_json=as_json)


def _control(
    ctx: typer.Context, run: str, verb: Literal["pause", "resume", "cancel"], stack: str | None, *, as_json: bool
) -> None:
    from autotag.service.runs.requests import ControlRun
    from autotag_cli.runs.run_ids import full_run_id
    from autotag_cli.stack.connection import connect_ops

    ops = connect_ops(ctx, stack, changes=True)
    _print(ops.control_run(ControlRun(full_run_id(ops, run), verb)), as_json=as_json)


def _print(answer: dict[str, Any], *, as_json: bool) -> None:
    from autotag_cli.runs.run_view import print_run, read_run
    from autotag_cli.terminal.output import print_json

    if as_json:
        print_json(answer, indent=2)
    else:
        print_run(read_run(answer))


def _table(runs: "list[RunView]") -> "Table":
    from autotag_cli.runs.progress import progress_text
    from autotag_cli.runs.run_view import SHORT, STYLES, selected
    from autotag_cli.terminal.output import columns_table, plain

    table = columns_table()
    for name in ("Run", "Action", "Status", "Started"):
        table.add_column(name, no_wrap=True)
    table.add_column("So far", overflow="fold")
    table.add_column("About", overflow="fold")
    for run in runs:
        about = "; ".join(filter(None, map(selected, (run.filter, run.undo, run.listing)))) or "everything"
        table.add_row(
            run.id[:SHORT],
            f"{run.action}{', dry' if run.dry_run else ''}",
            plain(run.status, STYLES.get(run.status, "")),
            run.created_at,
            progress_text(run),
            plain(about, "dim"),
        )
    return table
