"""The sessions of the console on this machine: the address that the command printed opens one, once."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from autotag_console.ask import Ask
from autotag_console.guard.authentication import Authentication
from autotag_console.guard.sessions import Sessions
from autotag_console.refusals import refusal
from autotag_console.settings import ConsoleSettings

START = "/start"


def with_start_token(ask: Ask, settings: ConsoleSettings) -> Authentication:
    """Return the authentication of a console whose every session has the operator's AWS credentials."""
    sessions = Sessions(settings.token)

    async def open_session(request: Request) -> Response:
        """Exchange the token for a cookie. A prefetch of the address is no use of it."""
        looked_ahead = "prefetch" in request.headers.get("sec-purpose", request.headers.get("purpose", ""))
        if request.method != "GET" or looked_ahead:
            return refusal(request, 405, "This address is opened once, by a person.")
        session = sessions.start(request.query_params.get("token", ""))
        if session is None:
            return refusal(
                request, 401, "This address was used already, or it is wrong: start `autotag console` again."
            )
        response = RedirectResponse("/", 303)
        response.set_cookie(settings.cookie_name, session.cookie, path="/", httponly=True, samesite="strict")
        return response

    return Authentication(
        [Route(START, open_session)], frozenset({START}), sessions.find, _turned_away, lambda session: ask
    )


def _turned_away(request: Request) -> Response:
    sentence = "This browser has no session: open the address that `autotag console` printed. It works once."
    return refusal(request, 401, sentence, _kept_back(request))


def _kept_back(request: Request) -> str:
    """Return the path of a page to which another site led: the browser keeps a strict cookie back then.

    From a page of this console it sends the cookie. A path that begins with ``//`` would lead elsewhere.
    """
    if request.headers.get("sec-fetch-site") != "cross-site":
        return ""
    query = f"?{request.url.query}" if request.url.query else ""
    return f"/{request.scope['raw_path'].decode('ascii', 'replace').partition('?')[0].lstrip('/')}{query}"
