"""The interfaces to Amazon Rekognition, to the pictures that it is asked about, and to the day's budget of calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct

if TYPE_CHECKING:  # names only: cold starts must not pay for what is used with the first call
    from autotag.domain.model.asset import AssetRef
    from autotag.ports.assets import DueQueue


class Detector(Protocol):
    """DetectLabels. Each call is made once, since it costs money.

    Raises ``Permanent`` for a picture that it will never read, ``UnreadableObject`` for such an object of a bucket,
    ``Unanswered`` if the call may have been made, ``AccessRefused``, and ``Retryable`` if it was refused for now.
    """

    def of_bytes(self, picture: bytes) -> dict[str, Any]:
        """Return the answer about a picture."""
        ...

    def of_object(self, bucket: str, key: str) -> dict[str, Any]:
        """Return the answer about an object of a bucket."""
        ...


class Pictures(Protocol):
    """Derived pictures, as Cloudinary delivers them."""

    def fetch(self, asset: AssetRef) -> bytes:
        """Return a JPEG of the version of ``asset``.

        Raises ``NotDelivered`` if it does not come for now, ``Undeliverable`` if it is refused, and ``Retryable`` if
        the credentials cannot be read.
        """
        ...


class DetectBudget(Protocol):
    """The calls of each day in UTC, shared by all workers."""

    def reserve(self, now: int) -> None:
        """Take one call out of the day's budget, or raise ``BudgetExhausted`` with the seconds until the next day."""
        ...

    def release(self, now: int) -> None:
        """Give back a call of that day that was not made."""
        ...


class LabelModels(Protocol):
    """The version of the label model that answered last."""

    def seen(self, model: str, now: int) -> str:
        """Store the version that answered at ``now`` (ms); return the one before if this is another, else ""."""
        ...


class Originals(Struct, frozen=True):
    """The bucket of the originals, and the template of their keys."""

    bucket: str
    key: str


class DetectionPorts(Struct, frozen=True):
    """All that asking Rekognition needs. Without ``originals``, every picture is a delivered one.

    ``queue`` is that of runs, which never delays live messages.
    """

    detector: Detector
    pictures: Pictures
    budget: DetectBudget
    models: LabelModels
    queue: DueQueue
    originals: Originals | None = None
