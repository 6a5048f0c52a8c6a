"""Output of the results of answers."""

import typer

from autotag_cli.review.submit import AnswerResults, Results
from autotag_cli.terminal.output import note, print_error, print_json, printable

_DID = {"accept": "accepted", "reject": "rejected", "clear": "cleared", "undo": "took back"}

_EACH = 20
"""The most finished answers that are listed one by one."""


def print_results(results: AnswerResults, *, waited: bool, as_json: bool) -> None:
    """Print the results of answers; raises ``Exit(1)`` if one was refused, or is not done after the wait."""
    if as_json:
        print_json(results._asdict(), indent=2)
    else:
        _print(results, waited=waited)
    if results.refused or (results.under_way and waited):
        raise typer.Exit(1)


def _print(results: AnswerResults, *, waited: bool) -> None:
    done, refused, under_way = results
    if len(done) <= _EACH:
        for answer in done:
            typer.echo(printable(f"{_DID[answer['verdict']]} {answer['tag']} of {answer['public_id']}"))
    for answer in refused:
        print_error(f"{', '.join(filter(None, (answer['asset'], answer['tag'])))}: {answer['why']}")
    if len(done) > _EACH or refused or under_way:
        typer.echo(f"{len(done)} done, {len(refused)} refused, {len(under_way)} still in progress")
    if under_way:
        note(_later(under_way, waited=waited))


def _later(under_way: Results, *, waited: bool) -> str:
    some = ", ".join(f"{answer['tag']} of {answer['public_id']}" for answer in under_way[:3])
    more = f" and {len(under_way) - 3} more" if len(under_way) > 3 else ""
    hint = "no answer is lost, autotag audits shows when it is done" if waited else "a worker carries it out"
    return f"Queued: {some}{more}; {hint}."
