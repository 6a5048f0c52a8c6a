"""Faults that tests inject into API calls: refusals, delays, dropped connections."""

from fnmatch import fnmatchcase
from typing import Annotated, Any, NamedTuple

from msgspec import Meta, Struct
from starlette.responses import JSONResponse, Response

from simulator.faults.fault_rules import FaultRules, Frequency


class ApiRequest(NamedTuple):
    """The method (in capitals) and the whole path of a call."""

    method: str
    path: str


class CallMatch(Frequency, frozen=True, forbid_unknown_fields=True):
    """The calls that a fault is applied to: a method (default: any) and a glob on the whole path."""

    path: str = "*"
    method: str | None = None

    def matches(self, request: ApiRequest) -> bool:
        """Return whether ``request`` is one of these calls."""
        return (self.method or request.method).upper() == request.method and fnmatchcase(request.path, self.path)


class CallFault(Struct, frozen=True, forbid_unknown_fields=True):
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
        body = self.body if self.body is not None else {"error": {"message": _default_message(status)}}
        return JSONResponse(body, status, self.headers)


class CallFaultRule(Struct, frozen=True, forbid_unknown_fields=True):
    """One fault and the calls that it is applied to."""

    match: CallMatch
    fault: CallFault


CallFaults = FaultRules[ApiRequest, CallFault]
"""The active faults of API calls."""


def _default_message(status: int) -> str:
    return {420: "Rate Limit Exceeded", 423: "Resource is still processing", 429: "Too Many Requests"}.get(
        status, "Internal Server Error" if status >= 500 else "Bad Request"
    )
