"""``autotag review accept``, ``reject``, ``clear`` and ``undo``: what a person says about tags of one asset."""

from typing import TYPE_CHECKING, Annotated

import typer

from autotag_cli.review.options import WAIT, Stack, Wait

if TYPE_CHECKING:
    from autotag.service.review.requests import Answer

_Asset = Annotated[str, typer.Argument(metavar="ASSET", help="An asset_id or a public_id.", show_default=False)]
_Tags = Annotated[list[str], typer.Argument(metavar="TAG...", help="Tags of it.", show_default=False)]
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def accept(
    ctx: typer.Context, asset: _Asset, tags: _Tags, wait: Wait = WAIT, stack: Stack = None, as_json: _Json = False
) -> None:
    """Write tags that are asked about, as yours: no rules take them away again.

    Exit code 1: an answer was refused, or is not carried out yet.
    """
    _answer(ctx, "accept", asset, tags, wait, stack, as_json)


def reject(
    ctx: typer.Context, asset: _Asset, tags: _Tags, wait: Wait = WAIT, stack: Stack = None, as_json: _Json = False
) -> None:
    """Say that tags that are asked about are wrong: neither they nor their labels come back to this asset.

    Exit code 1: an answer was refused, or is not carried out yet.
    """
    _answer(ctx, "reject", asset, tags, wait, stack, as_json)


def clear(
    ctx: typer.Context, asset: _Asset, tags: _Tags, wait: Wait = WAIT, stack: Stack = None, as_json: _Json = False
) -> None:
    """Forget that tags were rejected or removed, so that the next decision may bring them back (autotag retag).

    A tag that was accepted in the queue is taken back, as undo does it; one that a person added in Cloudinary stays.
    Exit code 1: nobody had removed or accepted such a tag, or it is not carried out yet.
    """
    _answer(ctx, "clear", asset, tags, wait, stack, as_json)


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
        typer.Argument(metavar="[TAG]...", help="Tags of that answer; none: all of them.", show_default=False),
    ] = None,
    wait: Wait = WAIT,
    stack: Stack = None,
    as_json: _Json = False,
) -> None:
    """Take an accept or a reject back, yours or another person's: the question is asked again, at its old place.

    An accepted tag is removed in Cloudinary, even if a person has meanwhile added it there too, which Cloudinary
    does not report for a tag that is there already; one that was there before the answer stays. A tag that the reject
    removed is written again. There is no undo of an undo: answer again. What a person changed since stays as it is.
    Exit code 1: it cannot be taken back, or it is not carried out yet.
    """
    from autotag.domain.model.audit import parts_of

    _answer(ctx, "undo", parts_of(audit).asset_id, tags or [""], wait, stack, as_json, of=audit)


def _answer(
    ctx: typer.Context,
    verdict: "Answer",
    asset: str,
    tags: list[str],
    wait: float,
    stack: str | None,
    as_json: bool,
    *,
    of: str = "",
) -> None:
    import msgspec

    from autotag.domain.errors import Invalid
    from autotag.service.review.requests import Choice
    from autotag_cli.review.results_view import tell
    from autotag_cli.review.submit import Sender
    from autotag_cli.stack.environment import outside
    from autotag_cli.stack.ops_client import OpsClient
    from autotag_cli.stack.resolve import resolve

    try:
        answer = {"asset": asset, "verdict": verdict, "of": of}
        choices = [msgspec.convert({**answer, "tag": tag}, Choice) for tag in tags]
    except msgspec.ValidationError as error:
        raise Invalid(verdict, str(error)) from error
    world = outside(ctx)
    sender = Sender(OpsClient(resolve(stack, world), world.post), world)
    sender.send(choices)
    tell(sender.wait(wait), waited=wait > 0, as_json=as_json)
