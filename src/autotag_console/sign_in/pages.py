"""The pages of a login: to the provider, back from it, and out."""

from collections.abc import Callable
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from autotag_console.ask import Ask
from autotag_console.guard.authentication import Authentication
from autotag_console.guard.sessions import Session
from autotag_console.refusals import SIGN_IN, refusal, sentence_of
from autotag_console.rendering import render
from autotag_console.roles import FRESH_SECONDS, highest
from autotag_console.sign_in.cookies import LOGIN, LOGIN_SECONDS, SESSION, SESSION_SECONDS, Cookies
from autotag_console.sign_in.document import CALLBACK, ConsoleDocument
from autotag_console.sign_in.people import NotAuthentic
from autotag_console.sign_in.provider import Provider
from autotag_console.sign_in.way_back import SIGNED_OUT, own_path

_LONGEST_CODE = 4096
_SAFE = "/:@!$&'()*+,;=~"
"""Characters that stand for themselves in a path (RFC 3986, section 3.3)."""


def with_provider(
    document: ConsoleDocument, provider: Provider, now: Callable[[], int], ask_as: Callable[[Session], Ask]
) -> Authentication:
    """Return the authentication of a console whose people sign in at a provider."""
    cookies = Cookies(document, now)

    def sign_in(request: Request) -> Response:
        """Lead to the provider."""
        if request.method != "GET":
            return refusal(request, 405, "This address is only opened.")
        again = request.query_params.get("again") == "1"
        cookie, login = cookies.new_login(own_path(request.query_params.get("next", "/")), again=again)
        response = RedirectResponse(provider.login_url(login, document.callback_url, again=again), 302)
        _set(response, LOGIN, cookie, LOGIN_SECONDS)
        return response

    def callback(request: Request) -> Response:
        """Take the provider's answer, and begin a session."""
        given = request.query_params
        if request.method != "GET":
            return refusal(request, 405, "This address is only opened.")
        found = cookies.find_login(request.cookies.get(LOGIN, ""), given.get("state", ""))
        if found is None:
            sentence = "This login was begun elsewhere, or more than ten minutes ago."
            return refusal(request, 403, sentence, sign_in=SIGN_IN)  # the cookie may be of a login in another tab
        login, way_back, again = found
        code = given.get("code", "")
        if not code or len(code) > _LONGEST_CODE:
            return _failed(request, "The provider has not signed you in.")
        try:
            person = provider.person(code, login, document.callback_url)
        except NotAuthentic as error:
            return _failed(request, sentence_of(str(error)))
        if again and person.asked_at and now() - person.asked_at > FRESH_SECONDS:
            return _failed(request, "The provider did not ask you again: sign out there first.")
        if highest(person.groups, document.roles) is None:
            return _failed(
                request, f"You are {person.caller}, and none of your groups has a role here: ask an operator."
            )
        response = RedirectResponse(own_path(way_back), 303)
        asked_at = min(person.asked_at or now(), now())
        cookie = cookies.new_session(person, asked_at, before=request.cookies.get(SESSION, ""))
        _set(response, SESSION, cookie, SESSION_SECONDS)
        _drop(response, LOGIN)
        return response

    def sign_out(request: Request) -> Response:
        """End the session in this browser."""
        response = RedirectResponse(SIGNED_OUT, 303)
        _drop(response, SESSION)
        return response

    def signed_out(request: Request) -> Response:
        """Say so. The page does not lead to the provider by itself, which may sign in anyone at once."""
        return render(request, "signed_out.html", {"sign_in": SIGN_IN})

    return Authentication(
        [
            Route(SIGN_IN, sign_in),
            Route(CALLBACK, callback),
            Route("/sign-out", sign_out, methods=["POST"]),
            Route(SIGNED_OUT, signed_out),
        ],
        frozenset({SIGN_IN, CALLBACK, SIGNED_OUT}),
        cookies.find_session,
        _turned_away,
        ask_as,
    )


def _turned_away(request: Request) -> Response:
    """Lead a person to the login; a script, and a form or a link of a page of the console, gets a sentence instead.

    A script that follows would begin a login that it cannot end, in place of the person's; and browsers let no form
    lead to the provider, since the policy of pages has ``form-action 'self'`` (CSP 3, section 6.4.1).
    """
    if request.method != "GET" or request.url.path.startswith("/api/"):
        return refusal(request, 401, "Your session has ended: sign in again.", sign_in=SIGN_IN)
    query = f"?{request.url.query}" if request.url.query else ""
    address = f"{SIGN_IN}?{urlencode({'next': own_path(f'{quote(request.scope["path"], safe=_SAFE)}{query}')})}"
    if request.headers.get("sec-fetch-site") == "same-origin":
        return refusal(request, 401, "Your session has ended: sign in again.", sign_in=address)
    return RedirectResponse(address, 302)


def _failed(request: Request, sentence: str) -> Response:
    response = refusal(request, 403, sentence, sign_in=SIGN_IN)
    _drop(response, LOGIN)
    return response


def _set(response: Response, name: str, value: str, seconds: int) -> None:
    """Set a cookie that only this host gets back, over TLS, and that no script can read.

    Lax, since a browser keeps a strict cookie back on the way from the provider.
    """
    response.set_cookie(name, value, seconds, path="/", secure=True, httponly=True, samesite="lax")


def _drop(response: Response, name: str) -> None:
    response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="lax")
