"""What a form carries from one request to the next, where the console keeps nothing: signed, bounded, of one person."""

import base64
import zlib
from array import array
from collections import Counter
from collections.abc import Callable
from typing import Any, get_origin

import msgspec

from autotag.domain.errors import Conflict
from autotag.domain.model.conversion import decoder
from autotag.domain.model.strict_json import decode_by
from autotag_console.sign_in.signed import sign, verified

MOST_CHARACTERS = 100_000
"""Of what is packed: less than half of what a form may have."""

LONGEST = MOST_CHARACTERS + 100
"""Characters of a field that holds it, with its signature."""

HELD_SECONDS = 8 * 3600
"""How long a form may be sent after its page was made: as long as a session lasts."""


class Sealer:
    """Puts values into texts for a field, and takes them out again. ``now`` returns unix seconds."""

    def __init__(self, key: bytes, now: Callable[[], int]) -> None:
        self._key, self.now = key, now

    def seal[T](self, purpose: str, caller: str, value: T, shortened: Callable[[int], T], most: int) -> tuple[T, str]:
        """Return ``value``, or what ``shortened`` makes of it if it is too long, and its text for ``caller`` alone.

        ``shortened`` takes how many names to keep; ``most`` is how many there are.
        """
        while len(content := _packed(value, self.now())) > MOST_CHARACTERS and most:
            most //= 2
            value = shortened(most)
        return value, sign(self._key, _bound(purpose, caller), content)

    def open[T](self, purpose: str, caller: str, text: str, form: type[T]) -> T:
        """Return the value in ``text``; raises ``Conflict`` unless it was sealed so, and lately."""
        packed = verified(self._key, _bound(purpose, caller), text)
        if packed is None:
            raise Conflict(f"the {purpose} is of another console or another person: make it again")
        form_decoder = decoder(tuple[int, form], _from_list)  # type: ignore[valid-type]
        try:
            at, value = decode_by(form_decoder, zlib.decompress(base64.urlsafe_b64decode(packed)))
        except (ValueError, zlib.error, msgspec.DecodeError) as error:
            raise Conflict(f"the {purpose} is of an earlier version of the console: make it again") from error
        if at + HELD_SECONDS <= self.now():
            raise Conflict(f"the {purpose} is too old to be used: make it again")
        opened: T = value
        return opened


def _packed(value: object, now: int) -> str:
    content = msgspec.json.encode((now, value), enc_hook=_as_list)
    return base64.urlsafe_b64encode(zlib.compress(content)).decode()


def _bound(purpose: str, caller: str) -> str:
    return f"the {purpose} of {caller}"


def _as_list(value: object) -> list[int]:
    if isinstance(value, array):
        return list(value)
    raise NotImplementedError(f"{type(value).__name__} is not carried by forms")


def _from_list(kind: type[Any], value: Any) -> Any:
    """Return a value that JSON does not have: counters, and counts in an array."""
    return Counter(value) if get_origin(kind) is Counter else array("Q", value)
