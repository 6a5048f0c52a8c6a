"""Faults that tests put in the way of API calls: refusals, delays, dropped connections."""

from fnmatch import fnmatchcase
from typing import Annotated, Any

from msgspec import Meta, Struct
from starlette.responses import JSONResponse, Response

from simulator.faults.rules import Strikes


class Match(Struct, frozen=True, forbid_unknown_fields=True):
    """Which calls: method (left out: any), a glob on the whole path, how many of them, and each how-manieth.

    ``count`` left out strikes without end, ``every`` left out strikes each call.
    """

    path: str = "*"
    method: str | None = None
    count: Annotated[int, Meta(ge=1)] | None = None
    every: Annotated[int, Meta(ge=1)] = 1

    def meets(self, method: str, path: str) -> bool:
        """Is a call of ``method`` on ``path`` meant?"""
        return (self.method or method).upper() == method and fnmatchcase(path, self.path)


class Fault(Struct, frozen=True, forbid_unknown_fields=True):
    """What happens: a delay in seconds, then a status with headers and body, or a dropped connection.

    With ``effect`` the call takes effect all the same, and only its answer is lost or replaced.
    """

    status: Annotated[int, Meta(ge=200, le=599)] | None = None
    headers: dict[str, str] = {}
    body: Any = None
    delay: Annotated[float, Meta(ge=0, le=3600)] = 0.0
    drop: bool = False
    effect: bool = False

    def __post_init__(self) -> None:
        if self.drop == (self.status is not None) and (self.drop or not self.delay):
            raise ValueError("a fault is one of status and drop, or a delay")
        if self.status is None and (self.headers or self.body is not None):
            raise ValueError("headers and body need a status")

    @property
    def replaces(self) -> bool:
        """Does the caller get something other than the call's own answer?"""
        return self.drop or self.status is not None

    def response(self) -> Response:
        """The answer of a fault with a status; a text body goes out as HTML, as from a proxy in between."""
        status = self.status or 200
        if isinstance(self.body, str):
            return Response(self.body, status, self.headers, media_type="text/html")
        body = self.body if self.body is not None else {"error": {"message": _text(status)}}
        return JSONResponse(body, status, self.headers)


class FaultRule(Struct, frozen=True, forbid_unknown_fields=True):
    """One fault and the calls that it strikes."""

    match: Match
    fault: Fault


class FaultBook:
    """The faults in force; the earliest that matches strikes, until its count is used up."""

    def __init__(self) -> None:
        self._strikes: Strikes[FaultRule] = Strikes()

    def put(self, rule: FaultRule) -> int:
        """Add ``rule`` and return the number by which it can be removed."""
        return self._strikes.put(rule, rule.match.count, rule.match.every)

    def strike(self, method: str, path: str) -> Fault | None:
        """Return the fault for one call, which counts as struck."""
        rule = self._strikes.strike(lambda rule: rule.match.meets(method, path))
        return rule.fault if rule else None

    def listed(self) -> list[dict[str, Any]]:
        """Return every rule with its number and how often it struck."""
        return [
            {"id": number, "match": rule.match, "fault": rule.fault, "struck": struck}
            for number, rule, struck in self._strikes.listed()
        ]

    def remove(self, number: int) -> bool:
        """Forget one rule; False where there is none."""
        return self._strikes.remove(number)

    def clear(self) -> None:
        """Forget all rules."""
        self._strikes.clear()


def _text(status: int) -> str:
    return {420: "Rate Limit Exceeded", 423: "Resource is still processing", 429: "Too Many Requests"}.get(
        status, "Internal Server Error" if status >= 500 else "Bad Request"
    )
