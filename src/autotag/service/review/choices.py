"""A reviewer's answer about one tag of an asset, as a request states it."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

Answer = Literal["accept", "reject", "clear", "undo"]


class Choice(Struct, frozen=True, forbid_unknown_fields=True):
    """A reviewer's answer about one tag of an asset, which is named by its asset_id or public_id.

    ``version`` is the asset version that the reviewer saw, 0 if that does not matter. ``of`` is the audit_id of the
    answer that an ``undo`` takes back: for ``tag``, or for all its tags if ``tag`` is "".
    """

    asset: Annotated[str, Meta(min_length=1, max_length=1024)]
    tag: Annotated[str, Meta(max_length=255)]
    verdict: Answer
    version: Annotated[int, Meta(ge=0)] = 0
    of: Annotated[str, Meta(max_length=256)] = ""

    def __post_init__(self) -> None:
        """Raise ``ValueError`` if fields contradict each other; a decoder turns it into a ``ValidationError``."""
        if self.verdict == "undo" and not self.of:
            raise ValueError("an undo names the audit of the answer that it takes back, as `of`")
        if self.verdict != "undo" and self.of:
            raise ValueError(f"`of` goes with an undo only, not with {self.verdict!r}")
        if self.verdict != "undo" and not self.tag:
            raise ValueError(f"expected a tag to {self.verdict}")


class Sent(Choice, frozen=True, forbid_unknown_fields=True):
    """A choice that was queued, with the id that its audit will have."""

    audit_id: Annotated[str, Meta(max_length=256)] = ""
