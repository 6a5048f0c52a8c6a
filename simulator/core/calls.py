"""A log of all API calls received, for tests to count."""

from fnmatch import fnmatchcase
from typing import Any

from msgspec import Struct

from simulator.core.params import Params

_SECRETS = frozenset({"signature", "api_key"})


class CallRecord(Struct, frozen=True):
    """One call. ``status`` is the answer's HTTP status, None for a dropped connection. ``params`` hold no secrets."""

    at: str
    request_id: str
    method: str
    path: str
    key: str
    params: dict[str, Any]
    status: int | None
    fault: bool
    milliseconds: float


class CallLog:
    """The records of all calls, in the order in which they were answered."""

    def __init__(self) -> None:
        self.records: list[CallRecord] = []

    def find(self, criteria: dict[str, str]) -> list[CallRecord]:
        """Return the calls that match all ``criteria``: method, path (a glob), key, status, or a parameter by name."""
        return [record for record in self.records if all(_matches(record, *pair) for pair in criteria.items())]


def without_secrets(params: Params) -> dict[str, Any]:
    """Return decoded parameters for the log: without secrets and without the bytes of a file."""
    values: dict[str, Any] = {name: value for name, value in params.values.items() if name not in _SECRETS}
    file = values.get("file")
    if isinstance(file, str) and file.startswith("data:"):
        values["file"] = f"{file[:40]}... ({len(file)} characters)"
    if params.file is not None:
        values["file"] = {"name": params.file.name, "bytes": len(params.file.data)}
    return values


def _matches(record: CallRecord, name: str, expected: str) -> bool:
    if name == "path":
        return fnmatchcase(record.path, expected)
    if name in ("method", "key", "status"):
        return str(getattr(record, name)) == expected
    value = record.params.get(name)
    return expected in value if isinstance(value, list) else value == expected
