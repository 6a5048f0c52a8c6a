"""``autotag review accept``, ``reject``, ``clear`` and ``undo``: the answers of a reviewer about tags of one asset."""

from typing import TYPE_CHECKING, Annotated

import typer

from autotag.domain.model.conversion import convert
from autotag_cli.review.options import WAIT, Wait
from autotag_cli.stack.options import AsJson, Asset, Stack

if TYPE_CHECKING:
    from autotag.service.review.requests import Answer, Choice

_Tags = Annotated[list[str], typer.Argument(metavar="TAG...", help="Tags of the asset.", show_default=False)]


def accept(
    ctx: typer.Context, asset: Asset, tags: _Tags, wait: Wait = WAIT, stack: Stack = None, as_json: AsJson = False
) -> None:
    """Accept tags in review: they are written as your own, and no rules remove them again.

    Exit code 1: an answer was refused, or has not been carried out yet.
    """
    _send(ctx, _choices("accept", asset, tags), wait, stack, as_json=as_json)


def reject(
    ctx: typer.Context, asset: Asset, tags: _Tags, wait: Wait = WAIT, stack: Stack = None, as_json: AsJson = False
) -> None:
    """Reject tags in review: neither they nor their labels come back to this asset.

    Exit code 1: an answer was refused, or has not been carried out yet.
    """
    _send(ctx, _choices("reject", asset, tags), wait, stack, as_json=as_json)


def clear(
    ctx: typer.Context, asset: Asset, tags: _Tags, wait: Wait = WAIT, stack: Stack = None, as_json: AsJson = False
) -> None:
    """Forget that tags were rejected or removed, so that the next decision may add them again (autotag retag).

    A tag that was accepted in review is taken back, as undo does it; one that a person added in Cloudinary stays.
    Exit code 1: no such tag was removed or accepted, or the answer has not been carried out yet.
    """
    _send(ctx, _choices("clear", asset, tags), wait, stack, as_json=as_json)


def undo(
    ctx: typer.Context,
    audit: Annotated[
        str,
        typer.Argument(
            metavar="AUDIT", help="The audit_id of the answer, as autotag audits shows it.", show_default=False
        ),
    ],
    tags: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TAG]...", help="Tags of that answer; without any: all of them.", show_default=False),
    ] = None,
    wait: Wait = WAIT,
    stack: Stack = None,
    as_json: AsJson = False,
) -> None:
    """Take back an accept or a reject, your own or another's: the question returns to its old place in the queue.

    An accepted tag is removed in Cloudinary, even if a person has added it there since: Cloudinary does not report that
    for a tag that is already there. A tag that was there before the answer stays. A tag that the reject removed is
    written again. An undo cannot be undone: answer again. What a person has changed since stays as it is.
    Exit code 1: the answer cannot be taken back, or the undo has not been carried out yet.
    """
    from autotag.domain.model.audit import parts_of

    choices = _choices("undo", parts_of(audit).asset_id, tags or [""], of=audit)
    _send(ctx, choices, wait, stack, as_json=as_json)


def _choices(verdict: "Answer", asset: str, tags: list[str], of: str = "") -> "list[Choice]":
    """Return an answer for each tag; ``of`` is the audit_id that an undo is about. Raises ``Invalid``."""
    import msgspec

    from autotag.domain.errors import Invalid
    from autotag.service.review.requests import Choice

    try:
        answer = {"asset": asset, "verdict": verdict, "of": of}
        return [convert({**answer, "tag": tag}, Choice) for tag in tags]
    except msgspec.ValidationError as error:
        raise Invalid(verdict, str(error)) from error


def _send(ctx: typer.Context, choices: "list[Choice]", wait: float, stack: str | None, *, as_json: bool) -> None:
    from autotag_cli.review.results_view import print_results
    from autotag_cli.review.submit import AnswerSender
    from autotag_cli.stack.connection import connect_ops
    from autotag_cli.stack.environment import environment_of
    from autotag_cli.terminal.waiting import waiting_for

    sender = AnswerSender(connect_ops(ctx, stack, changes=True), environment_of(ctx))
    sender.send(choices)
    with waiting_for("workers to carry out the answers"):
        results = sender.wait(wait)
    print_results(results, waited=wait > 0, as_json=as_json)
