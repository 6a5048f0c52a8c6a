"""What Cloudinary's answers mean: a JSON object, or an error of one sentence with Cloudinary's own words."""

from typing import Any

import requests

from autotag.domain.errors import Invalid, Missing
from autotag.domain.notifications.parse import load
from autotag_cli.errors import Failure

RATE_LIMITED = (420, 429)
_LONGEST_TEXT = 500


class Refused(Failure):
    """Cloudinary refused, or did not manage; ``status`` is that of its answer."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class Unreachable(Failure):
    """No answer came."""


class Unfit(Invalid):
    """Cloudinary refused what was sent (400): the same will be refused again."""


def is_lost(error: Exception) -> bool:
    """Return whether the call may have taken effect all the same: no answer came, a 5xx, or a 200 that is no JSON."""
    if isinstance(error, Refused):
        return error.status == 200 or error.status >= 500
    return isinstance(error, Unreachable)


def read(answer: requests.Response) -> dict[str, Any]:
    """Return the body of a success; raises ``Unfit`` (400), ``Missing`` (404) or ``Refused``."""
    status = answer.status_code
    if status == 200:
        try:
            return load(answer.content)
        except Invalid as error:
            raise Refused(
                f"Cloudinary answered 200 with something else than a JSON object ({error})", status
            ) from error
    said = _message(answer)
    if status == 400:
        raise Unfit("", f"Cloudinary refuses this (400): {said or 'it does not say why'}")
    if status == 404:
        raise Missing(f"Cloudinary has no such thing (404): {said or 'it does not say what'}")
    raise Refused(f"{_meaning(status)} ({status}){f': {said}' if said else ''}", status)


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
    """Return Cloudinary's own words; an answer that is not JSON, such as a proxy's page, has none worth keeping."""
    try:
        error = load(answer.content).get("error")
    except Invalid:
        return ""
    return str(error.get("message", ""))[:_LONGEST_TEXT] if isinstance(error, dict) else ""
