"""People who answer through the operators' function what they are asked about four assets."""

from typing import Any

from autotag.domain.model.messages import decode, encode
from autotag.service.worker import handle
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, resource, upload
from tests.unit.handlers.ops.ops_requests import Ops

ASKS = "[defaults]\nthreshold = 0.7\nreview = 0.5\n"
ADA = "arn:aws:sts::123456789012:assumed-role/team/ada"
NAMES = ["a1", "bb2", "ccc3", "dddd4"]


def four_assets() -> Ops:
    """Four assets whose Musician is asked about, decided on one after the other, a minute apart."""
    ops = Ops()
    ops.fakes.rules.use(ASKS, 0)
    for n, name in enumerate(NAMES):
        given(ops, resource(name, GUITARIST, public_id=f"{'stage' if n % 2 else 'zoo'}/{name}"))
        ops.fakes.clock.advance(60)
    return ops


def given(ops: Ops, body: dict[str, Any], at: int = START) -> None:
    """Let an asset have been uploaded and decided on."""
    ops.fakes.cloudinary.assets[body["asset_id"]] = body
    handle(ops.fakes.deps, upload(dict(body), at, f"d{body['version']}"), ops.fakes.remaining)


def listed(ops: Ops, **asked: Any) -> tuple[list[str], str | None]:
    """Return a page of the queue, as asset_ids, and the cursor of the next."""
    status, page = ops.ask({"op": "review_list", **asked})
    assert status == 200, page
    return [entry["asset"]["asset_id"] for entry in page["assets"]], page["cursor"]


def decide(ops: Ops, *decisions: tuple[str, str, str], version: int = 0) -> dict[str, Any]:
    """Decide in Ada's name: (asset, tag, verdict)."""
    keys = ("asset", "tag", "verdict")
    chosen = [dict(zip(keys, one, strict=True)) | {"version": version} for one in decisions]
    status, told = ops.ask_as(ADA, {"op": "review_decide", "decisions": chosen})
    assert status == 200, told
    found: dict[str, Any] = told
    return found


def progress(ops: Ops, told: dict[str, Any]) -> dict[str, Any]:
    """Return what became of the answers that were queued."""
    names = ("asset", "tag", "verdict", "version", "audit_id", "of")
    sent = [{name: one[name] for name in names if name in one} for one in told["queued"]]
    status, answer = ops.ask({"op": "review_progress", "decisions": sent})
    assert status == 200, answer
    found: dict[str, Any] = answer
    return found


def work(ops: Ops) -> None:
    """Let the worker handle what was queued."""
    while ops.reviews.sent:
        message = ops.reviews.sent.pop(0)
        handle(ops.fakes.deps, decode(encode(message)), ops.fakes.remaining)
