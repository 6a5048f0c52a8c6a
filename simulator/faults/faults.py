"""Faults that tests inject into API calls: refusals, delays, dropped connections."""

from fnmatch import fnmatchcase
from typing import Annotated, Any

from msgspec import Meta, Struct
from starlette.responses import JSONResponse, Response

from simulator.faults.rules import Strikes


class Match(Struct, frozen=True, forbid_unknown_fields=True):
    """The calls that a fault applies to: a method (default: any) and a glob on the whole path.

    The fault applies to each ``every``-th match (default: each one), ``count`` times (default: no limit).
    """

    path: str = "*"
    method: str | None = None
    count: Annotated[int, Meta(ge=1)] | None = None
    every: Annotated[int, Meta(ge=1)] = 1

    def meets(self, method: str, path: str) -> bool:
        """Return whether a call of ``method`` on ``path`` matches."""
        return (self.method or method).upper() == method and fnmatchcase(path, self.path)


class Fault(Struct, frozen=True, forbid_unknown_fields=True):
    """What goes wrong with a call: a delay in seconds, then a status with headers and body, or a dropped connection.

    With ``effect`` the call is carried out nevertheless, and only its answer is lost or replaced.
    """

    status: Annotated[int, Meta(ge=200, le=599)] | None = None
    headers: dict[str, str] = {}
    body: Any = None
    delay: Annotated[float, Meta(ge=0, le=3600)] = 0.0
    drop: bool = False
    effect: bool = False

    def __post_init__(self) -> None:
        if self.drop == (self.status is not None) and (self.drop or not self.delay):
            raise ValueError("a fault needs either status or drop, or a delay alone")
        if self.status is None and (self.headers or self.body is not None):
            raise ValueError("headers and body need a status")

    @property
    def replaces(self) -> bool:
        """Whether the caller gets something other than the call's own answer."""
        return self.drop or self.status is not None

    def response(self) -> Response:
        """Return the answer of a fault with a status. A text body is sent as HTML, as from a proxy in between."""
        status = self.status or 200
        if isinstance(self.body, str):
            return Response(self.body, status, self.headers, media_type="text/html")
        body = self.body if self.body is not None else {"error": {"message": _text(status)}}
        return JSONResponse(body, status, self.headers)


class FaultRule(Struct, frozen=True, forbid_unknown_fields=True):
    """One fault and the calls that it applies to."""

    match: Match
    fault: Fault


class FaultBook:
    """The active faults. The earliest that matches applies, until its count is used up."""

    def __init__(self) -> None:
        self._strikes: Strikes[FaultRule] = Strikes()

    def put(self, rule: FaultRule) -> int:
        """Add ``rule`` and return the number by which it can be removed."""
        return self._strikes.put(rule, rule.match.count, rule.match.every)

    def strike(self, method: str, path: str) -> Fault | None:
        """Return the fault for one call, if any, and count it as applied."""
        rule = self._strikes.strike(lambda rule: rule.match.meets(method, path))
        return rule.fault if rule else None

    def listed(self) -> list[dict[str, Any]]:
        """Return every rule with its number and how often it was applied."""
        return [
            {"id": number, "match": rule.match, "fault": rule.fault, "struck": struck}
            for number, rule, struck in self._strikes.listed()
        ]

    def remove(self, number: int) -> bool:
        """Remove one rule; return False if it does not exist."""
        return self._strikes.remove(number)

    def clear(self) -> None:
        """Remove all rules."""
        self._strikes.clear()


def _text(status: int) -> str:
    return {420: "Rate Limit Exceeded", 423: "Resource is still processing", 429: "Too Many Requests"}.get(
        status, "Internal Server Error" if status >= 500 else "Bad Request"
    )
