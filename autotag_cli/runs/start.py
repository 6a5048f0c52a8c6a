"""Starting a run, and watching it."""

from typing import Any

import typer

from autotag.service.runs.requests import StartRun
from autotag_cli.errors import Failure
from autotag_cli.runs.run_view import SHORT, print_run, read
from autotag_cli.runs.watch import go_on, watch
from autotag_cli.stack.environment import Outside
from autotag_cli.stack.ops_client import OpsClient
from autotag_cli.terminal.output import note, print_json


def carry_out(ops: OpsClient, asked: StartRun, world: Outside, *, detach: bool, as_json: bool) -> None:
    """Start a run, say its id at once, and print what came of it; the exit code says whether all was done."""
    started = _start(ops, asked)
    run_id = str(started["id"])
    if detach:
        if as_json:
            print_json(started, indent=2)
        else:
            typer.echo(run_id)
        note(f"Started {asked.action} {run_id[:SHORT]}. {go_on(run_id)}")
        return
    note(f"Started {asked.action} {run_id}.")
    report(watch(ops, run_id, world), as_json=as_json)


def report(answer: dict[str, Any], *, as_json: bool) -> None:
    """Print a run that was watched, and exit."""
    run = read(answer)
    if as_json:
        print_json(answer, indent=2)
    else:
        print_run(run)
    raise typer.Exit(run.exit_code)


def _start(ops: OpsClient, asked: StartRun) -> dict[str, Any]:
    try:
        return ops.start_run(asked)
    except Failure as error:
        raise Failure(f"{error}; autotag runs tells whether it was started nevertheless") from error
    except KeyboardInterrupt:
        note("Interrupted while it was being started: autotag runs tells whether it was.")
        raise
