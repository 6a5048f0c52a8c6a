"""The start of a run, and the report of its result."""

from typing import Any

import typer

from autotag.service.runs.requests import StartRun
from autotag_cli.errors import Failure
from autotag_cli.runs.run_view import SHORT, print_run, read
from autotag_cli.runs.watch import go_on, watch
from autotag_cli.stack.environment import Outside
from autotag_cli.stack.ops_client import OpsClient
from autotag_cli.terminal.output import note, print_json


def carry_out(ops: OpsClient, request: StartRun, world: Outside, *, detach: bool, as_json: bool) -> None:
    """Start a run and print its id at once; watch it and print the result. The exit code says whether all is done."""
    started = _start(ops, request)
    run_id = str(started["id"])
    if detach:
        if as_json:
            print_json(started, indent=2)
        else:
            typer.echo(run_id)
        note(f"Started {request.action} {run_id[:SHORT]}. {go_on(run_id)}")
        return
    note(f"Started {request.action} {run_id}.")
    report(watch(ops, run_id, world), as_json=as_json)


def report(answer: dict[str, Any], *, as_json: bool) -> None:
    """Print a watched run, and exit with its exit code."""
    run = read(answer)
    if as_json:
        print_json(answer, indent=2)
    else:
        print_run(run)
    raise typer.Exit(run.exit_code)


def _start(ops: OpsClient, request: StartRun) -> dict[str, Any]:
    try:
        return ops.start_run(request)
    except Failure as error:
        raise Failure(f"{error}; autotag runs shows whether it was started anyway") from error
    except KeyboardInterrupt:
        note("Interrupted during the start: autotag runs shows whether the run was started.")
        raise
