"""Plans in a form: a person's own, signed, and of bounded length."""

import base64
import zlib
from collections.abc import Callable

import msgspec
from msgspec import Struct

from autotag.domain.errors import Conflict
from autotag.domain.model.strict_json import decode
from autotag_console.runs.steps import PartialPlan, shortened
from autotag_console.sign_in.signed import sign, verified

MOST_CHARACTERS = 100_000
"""Of a sealed plan: less than half of what a form may have."""

HELD_SECONDS = 8 * 3600
"""How long a plan may be gone on with, or started, after its last step: as long as a session."""


class _Content(Struct, frozen=True):
    """What is signed; ``at`` is the time of the last step (unix seconds)."""

    plan: PartialPlan
    at: int


class SealedPlans:
    """Puts plans into texts, and takes them out again. ``now`` returns unix seconds."""

    def __init__(self, key: bytes, now: Callable[[], int]) -> None:
        self._key, self._now = key, now

    def seal(self, caller: str, plan: PartialPlan) -> tuple[PartialPlan, str]:
        """Return the plan as far as it fits into the text for ``caller``, and the text."""
        most = len(plan.totals.tags.besides) + len(plan.totals.tags.renames)
        fits = shortened(plan, most)
        while len(content := _packed(_Content(fits, self._now()))) > MOST_CHARACTERS and most:
            most //= 2
            fits = shortened(plan, most)
        return fits, sign(self._key, _purpose(caller), content)

    def open(self, caller: str, text: str) -> PartialPlan:
        """Return the plan in ``text``; raises ``Conflict`` unless it is of ``caller``, and not too old."""
        packed = verified(self._key, _purpose(caller), text)
        if packed is None:
            raise Conflict("the plan is of another console or another person: make it again")
        try:
            content = decode(zlib.decompress(base64.urlsafe_b64decode(packed)), _Content)
        except (ValueError, zlib.error, msgspec.DecodeError) as error:
            raise Conflict("the plan is of an earlier version of the console: make it again") from error
        if content.at + HELD_SECONDS <= self._now():
            raise Conflict("the plan is too old to be used: make it again")
        return content.plan


def _packed(content: _Content) -> str:
    return base64.urlsafe_b64encode(zlib.compress(msgspec.json.encode(content))).decode()


def _purpose(caller: str) -> str:
    return f"the plan of a run for {caller}"
