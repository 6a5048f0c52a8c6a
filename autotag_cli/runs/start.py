"""The start of a run, and the report of its result."""

import sys
from typing import Any, NamedTuple

import typer

from autotag.service.runs.requests import PlanRun, StartRun
from autotag_cli.command_line.combinations import refuse_beside
from autotag_cli.errors import Failure
from autotag_cli.runs.confirm import confirm
from autotag_cli.runs.run_view import SHORT, print_run, read_run
from autotag_cli.runs.watch import watch, watch_hint
from autotag_cli.stack.environment import Environment
from autotag_cli.stack.ops_client import OpsClient
from autotag_cli.terminal.output import note, print_json


class RunOptions(NamedTuple):
    """How a retag or a revert is carried out; None leaves a limit to the service."""

    dry_run: bool
    detach: bool
    yes: bool
    as_json: bool
    max_calls: int | None
    rate: int | None
    refresh: bool = False


def check_dry_run(options: RunOptions) -> None:
    """Raise ``Invalid`` for an option that has no meaning in a dry run, if this is one."""
    given = {"--max-calls": options.max_calls is not None, "--rate": options.rate is not None}
    given |= {"--detach": options.detach, "--refresh": options.refresh}
    if options.dry_run:
        refuse_beside("--dry-run", "which starts nothing", given)


def plan_or_start(
    ops: OpsClient, environment: Environment, plan: PlanRun, options: RunOptions, question: str | None
) -> None:
    """Print what would change if it is a dry run, else start the run, once ``question`` (None: none) is confirmed."""
    if options.dry_run:
        from autotag_cli.runs.dry_run import print_plan

        print_plan(ops, plan, as_json=options.as_json)
        return
    if question is not None:
        confirm(question, yes=options.yes, terminal=sys.stdin)
    request = StartRun(
        action=plan.action,
        filter=plan.filter,
        undo=plan.undo,
        max_calls=options.max_calls or 0,
        rate=options.rate,
        refresh=options.refresh,
    )
    start_and_watch(ops, request, environment, detach=options.detach, as_json=options.as_json)


def start_and_watch(
    ops: OpsClient, request: StartRun, environment: Environment, *, detach: bool, as_json: bool
) -> None:
    """Start a run and print its id at once; watch it and print the result. The exit code says whether all is done."""
    started = _start(ops, request)
    run_id = str(started["id"])
    if detach:
        if as_json:
            print_json(started, indent=2)
        else:
            typer.echo(run_id)
        note(f"Started {request.action} {run_id[:SHORT]}. {watch_hint(run_id)}")
        return
    note(f"Started {request.action} {run_id}.")
    report_result(watch(ops, run_id, environment), as_json=as_json)


def report_result(answer: dict[str, Any], *, as_json: bool) -> None:
    """Print a watched run, and exit with its exit code."""
    run = read_run(answer)
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
