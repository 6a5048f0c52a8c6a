"""The guard: which requests reach a page. All others get a sentence, and nothing of the stack.

What is checked: the Host header, against names that another page had resolve to this machine (DNS rebinding); where a
request comes from (Fetch Metadata, Origin); the session's cookie; for each change the session's CSRF token.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from autotag_console.guard.authentication import Authentication
from autotag_console.guard.request_body import Malformed, TooLong, read_body, read_form, replay
from autotag_console.guard.response_headers import STATIC
from autotag_console.guard.sessions import Session, is_csrf
from autotag_console.refusals import refusal
from autotag_console.settings import ConsoleSettings

_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"
_LOOKS = ("GET", "HEAD")


class _Refused(Exception):
    """A request that reaches no page: the status and the sentence that it gets."""

    def __init__(self, status: int, sentence: str, again: str = "") -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.again = status, sentence, again


class Guard:
    """Middleware that lets a request pass with ``request.state.session``, and a form with ``request.state.form``.

    ``request.state.ask`` is the function that answers for the session.
    """

    def __init__(self, app: ASGIApp, settings: ConsoleSettings, authentication: Authentication) -> None:
        self._app, self._settings, self._authentication = app, settings, authentication

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check one request, and pass it on or answer it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        request = Request(scope)
        request.state.session = None
        try:
            checked = await self._checked(request, receive)
        except _Refused as refused:
            request.state.session = None  # so that the answer says nothing of the stack, not even its CSRF token
            await refusal(request, refused.status, refused.sentence, refused.again)(scope, receive, send)
            return
        if isinstance(checked, Response):
            await checked(scope, receive, send)
            return
        await self._app(scope, checked, send)

    async def _checked(self, request: Request, receive: Receive) -> Receive | Response:
        self._check_host(request)
        _check_site(request)
        path = request.url.path
        if path.startswith(STATIC) or path in self._authentication.open_paths:
            if request.method not in _LOOKS:
                raise _Refused(405, "This address is only read.")
            return receive
        session = self._authentication.find(request.cookies.get(self._settings.cookie_name, ""))
        if session is None:
            return self._authentication.turned_away(request)
        request.state.session, request.state.ask = session, self._authentication.ask_as(session)
        return receive if request.method in _LOOKS else await _checked_change(request, session, receive)

    def _check_host(self, request: Request) -> None:
        if len(given := request.headers.getlist("host")) != 1 or given[0].lower() not in self._settings.hosts:
            raise _Refused(421, "The console does not answer under this name: open the address that it printed.")


def _check_site(request: Request) -> None:
    """Refuse what another site's page loads; a link to a page may be followed (W3C, Fetch Metadata)."""
    site = request.headers.get("sec-fetch-site", "none")
    followed = request.method == "GET" and request.headers.get("sec-fetch-mode") == "navigate"
    if site not in ("none", "same-origin") and not (followed and request.headers.get("sec-fetch-dest") == "document"):
        raise _Refused(403, "A page of another site cannot use the console.")


async def _checked_change(request: Request, session: Session, receive: Receive) -> Receive:
    """Return a ``receive`` that repeats the body of a request that may change something."""
    if not _is_own(request):
        raise _Refused(403, "A page of another site cannot change anything here.")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in (_FORM, _JSON):
        raise _Refused(415, f"The body is of another type: expected {_JSON} or {_FORM}.")
    try:
        body = await read_body(receive, request.url.path)
        request.state.form = read_form(body) if kind == _FORM else {}
    except TooLong:
        raise _Refused(413, "The request is too long.") from None
    except Malformed:
        raise _Refused(400, "The form cannot be read.") from None
    if not is_csrf(session, request.headers.get("x-csrf") or request.state.form.get("csrf", "")):
        raise _Refused(403, "This page is of an earlier session: load it again.")
    return replay(body, receive)


def _is_own(request: Request) -> bool:
    """Return whether a page of this console sent the request.

    A form of a page without referrers sends ``Origin: null`` (Fetch, "append a request Origin header"); then
    Sec-Fetch-Site decides, which no page can set.
    """
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if origin == "null":
        return site == "same-origin"
    return origin == f"{request.url.scheme}://{request.headers['host'].lower()}" and site in (None, "same-origin")
