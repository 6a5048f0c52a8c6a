"""Errors as answers: a page with one sentence, or for a script JSON with the same sentence."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from autotag.domain.errors import Conflict, Invalid, Missing, Retryable
from autotag_console.ask import Denied, SignInAgain, UnknownForm
from autotag_console.guard.response_headers import secure_headers
from autotag_console.rendering import render
from autotag_console.settings import ConsoleSettings

SIGN_IN = "/sign-in"
"""Where a person signs in; only the deployed console has this page."""

_STATUSES: tuple[tuple[type[Exception], int], ...] = (
    (Invalid, 400),
    (Denied, 403),
    (SignInAgain, 403),
    (Missing, 404),
    (Conflict, 409),
    (UnknownForm, 502),
    (Retryable, 503),
)

_TITLES = {
    400: "That does not work",
    401: "Please open the console anew",
    403: "Not allowed",
    404: "Not found",
    409: "Someone was faster",
    421: "Wrong address",
    502: "Another version",
    503: "The stack is busy",
}


def refusal(request: Request, status: int, sentence: str, again: str = "", sign_in: str = "") -> Response:
    """Return the answer to a request that got nothing, with a sentence that says why.

    ``again`` is a path that the person may want to open from the page, ``sign_in`` one that leads to a login.
    """
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": {"message": sentence}}, status)
    title = _TITLES.get(status, HTTPStatus(status).phrase)
    shown = {"heading": title, "sentence": sentence, "again": again, "sign_in": sign_in}
    return render(request, "error.html", shown, status)


async def from_service(request: Request, error: Exception) -> Response:
    """Answer an error that the service raised, which is a sentence already."""
    status = next((status for kind, status in _STATUSES if isinstance(error, kind)), 500)
    sign_in = f"{SIGN_IN}?again=1" if isinstance(error, SignInAgain) else ""
    return refusal(request, status, sentence_of(str(error)), sign_in=sign_in)


async def from_router(request: Request, error: Exception) -> Response:
    """Answer a request for which there is no page."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    sentence = "There is no such page." if status == 404 else f"{HTTPStatus(status).phrase}."
    return refusal(request, status, sentence)


async def unexpected(request: Request, error: Exception) -> Response:
    """Answer a fault of the console itself: what it was stands in its log alone."""
    settings: ConsoleSettings = request.app.state.settings
    response = refusal(request, 500, f"The console failed on this page. {settings.log} says why.")
    response.headers.update(secure_headers(settings.delivery.base))  # Starlette answers this outside all middleware
    return response


SERVICE_ERRORS = tuple(kind for kind, _ in _STATUSES)


def sentence_of(message: str) -> str:
    """Return a message as a sentence: with a capital and a full stop."""
    text = message.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")
