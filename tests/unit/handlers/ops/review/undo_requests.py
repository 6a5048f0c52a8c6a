"""Answers that are taken back through the operators' function, and edits in Cloudinary meanwhile."""

from typing import Any

from msgspec.structs import replace

from autotag.service.worker import handle
from tests.fakes.samples import person
from tests.unit.handlers.ops.ops_requests import Ops
from tests.unit.handlers.ops.review.review_requests import decide, work

EVE = "arn:aws:sts::123456789012:assumed-role/team/eve"


def answered(ops: Ops, verdict: str = "accept", asset: str = "a1") -> str:
    """Let Ada's answer about Musician be carried out; return the id of its audit."""
    told = decide(ops, (asset, "Musician", verdict))
    work(ops)
    identifier: str = told["queued"][0]["audit_id"]
    return identifier


def undo(ops: Ops, of: str, tag: str = "Musician", asset: str = "a1", version: int = 0) -> dict[str, Any]:
    """Let Eve take an answer back; return what she is told."""
    one = {"asset": asset, "tag": tag, "verdict": "undo", "version": version, "of": of}
    status, told = ops.ask_as(EVE, {"op": "review_decide", "decisions": [one]})
    assert status == 200, told
    found: dict[str, Any] = told
    return found


def refusal(told: dict[str, Any]) -> str:
    """Return why the only choice was refused; nothing was queued for it."""
    assert told["queued"] == [] == told["done"]
    (refused,) = told["refused"]
    return str(refused["why"])


def person_acts(ops: Ops, **change: tuple[str, ...]) -> None:
    """Let a person change tags of the first asset in Cloudinary."""
    message = replace(person(at=ops.fakes.clock.now()), asset=ops.fakes.store.items["a1"].asset, **change)
    handle(ops.fakes.deps, message, ops.fakes.remaining)
