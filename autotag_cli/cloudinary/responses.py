"""The meaning of Cloudinary's responses: a JSON object, or an error of one sentence with Cloudinary's own words."""

from typing import Any

import requests

from autotag.domain.errors import Invalid, Missing
from autotag.domain.notifications.parse import load
from autotag_cli.errors import Failure

RATE_LIMITED = (420, 429)
_LONGEST_TEXT = 500


class Refused(Failure):
    """Cloudinary refused the call, or failed; ``status`` is the HTTP status."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class Unreachable(Failure):
    """No response came."""


class BadRequest(Invalid):
    """Cloudinary refused what was sent (400): the same will be refused again."""


PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds to wait, after a lost response, before checking whether the call took effect; one for each try."""


def is_lost(error: Exception) -> bool:
    """Return whether the call may still have taken effect: no response, a 5xx, or a 200 that is no JSON."""
    if isinstance(error, Refused):
        return error.status == 200 or error.status >= 500
    return isinstance(error, Unreachable)


def read(answer: requests.Response) -> dict[str, Any]:
    """Return the body of a success. Raises ``Unfit`` (400), ``Missing`` (404) or ``Refused``."""
    status = answer.status_code
    if status == 200:
        try:
            return load(answer.content)
        except Invalid as error:
            raise Refused(
                f"Cloudinary answered 200 with something other than a JSON object ({error})", status
            ) from error
    words = _message(answer)
    if status == 400:
        raise BadRequest("", f"Cloudinary refuses this (400): {words or 'no reason given'}")
    if status == 404:
        raise Missing(f"Cloudinary did not find this (404): {words or 'no details given'}")
    raise Refused(f"{_meaning(status)} ({status}){f': {words}' if words else ''}", status)


def _meaning(status: int) -> str:
    match status:
        case 401:
            return "Cloudinary does not accept the credentials, check cloud name, API key and secret in CLOUDINARY_URL"
        case 403:
            return "Cloudinary does not allow this"
        case 409:
            return "Cloudinary has this already"
        case 420 | 429:
            return "Cloudinary's limit is reached"
        case _:
            return "Cloudinary failed" if status >= 500 else "Cloudinary answered with something unexpected"


def _message(answer: requests.Response) -> str:
    """Return Cloudinary's own words, "" for a response that is not JSON, such as a proxy's page."""
    try:
        error = load(answer.content).get("error")
    except Invalid:
        return ""
    return str(error.get("message", ""))[:_LONGEST_TEXT] if isinstance(error, dict) else ""
