"""A library on a stack: drawn pictures, uploaded and decided on by rules that ask people."""

from collections.abc import Iterable
from itertools import batched

from autotag.service.review.queue import ReviewList
from autotag_cli.input.rules_file import SHIPPED
from local.clients.cloudinary import upload
from local.clients.ops import ops
from local.clients.simulator_control import simulator_control
from local.clients.tables import asset_states
from local.core.waiting import until
from local.stack.stack import Stack
from tests.browser.stack.scenes import Drawn

ASKS = f'{SHIPPED.read_text(encoding="utf-8")}\n[[when]]\nname = "ask"\nset = {{ review = 0.6 }}\n'
_AT_ONCE = 4
"""Notifications in flight: each that has to wait would start one more process of the webhook."""


def upload_pictures(stack: Stack, pictures: Iterable[Drawn], *, within: float) -> dict[str, str]:
    """Upload pictures, a few at a time, and wait until each is decided on; return their asset_ids by public_id."""

    def delivered() -> bool:
        return not simulator_control(stack, "GET", "health")["background"]

    uploaded: dict[str, str] = {}
    for some in batched(pictures, _AT_ONCE, strict=False):
        for picture in some:
            answer = upload(stack.simulator_url, f"{picture.folder}/{picture.name}", jpeg=picture.jpeg)
            uploaded[str(answer["public_id"])] = str(answer["asset_id"])
        until(delivered, "the notifications to be delivered", within=within, every=0.02)
    until(lambda: uploaded.keys() <= _decided(stack), "the uploads to be decided on", within=within, every=2)
    return uploaded


def _decided(stack: Stack) -> set[str]:
    return {s.asset.public_id for s in asset_states(stack) if s.final_at and not s.intent}


def questions(stack: Stack) -> set[tuple[str, str]]:
    """Return all open questions: asset_id and tag."""
    client, found = ops(stack), set[tuple[str, str]]()
    cursor: str | None = ""
    while cursor is not None:
        page = client.review_list(ReviewList(cursor=cursor, limit=100))
        found |= {(entry["asset"]["asset_id"], tag["tag"]) for entry in page["assets"] for tag in entry["tags"]}
        cursor = page["cursor"]
    return found
