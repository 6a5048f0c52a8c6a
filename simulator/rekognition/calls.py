"""A log of all calls of DetectLabels, for tests to count what was paid."""

from msgspec import Struct
from msgspec.structs import asdict


class DetectCall(Struct, frozen=True):
    """One call. ``digest`` is the SHA-256 (hex) of the image, ``object`` its ``bucket/key`` where it is one of S3.

    ``public_id`` is that of the asset whose delivered picture was sent, ``paid`` whether labels were found, also where
    their answer was lost. ``status`` is None for a cut connection, ``error`` empty where there was none.
    """

    at: str
    request_id: str
    digest: str
    object: str
    public_id: str
    bytes: int
    min_confidence: float
    max_labels: int | None
    model: str
    labels: int
    paid: bool
    error: str
    status: int | None
    fault: bool


class DetectCalls:
    """The calls, in the order in which they were answered."""

    def __init__(self) -> None:
        self.records: list[DetectCall] = []

    def find(self, criteria: dict[str, str]) -> list[DetectCall]:
        """Return the calls whose fields equal all ``criteria``, as texts."""
        return [
            record
            for record in self.records
            if all(str(asdict(record).get(name)) == value for name, value in criteria.items())
        ]
