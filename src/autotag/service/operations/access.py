"""Levels of access to the operators' API. IAM decides who may call a function; each function has one level."""

from typing import Literal, get_args

from autotag.domain.errors import Forbidden
from autotag.service.exports.start import StartExport
from autotag.service.operations.lost_intents import FinishIntents
from autotag.service.review.requests import ReviewDecide
from autotag.service.review.sample import ReviewSample
from autotag.service.rules.publish import PushRules
from autotag.service.runs.requests import ControlRun, ShowRun, StartRun

Access = Literal["view", "review", "operate"]
"""What a caller may do: look at everything; also answer the review queue; also push rules, control runs and export."""

_LEVELS: tuple[Access, ...] = get_args(Access)


def needed(request: object) -> Access:
    """Return the lowest level that may make ``request``, one of the requests of ``api``."""
    match request:
        case PushRules() | StartRun() | ControlRun() | ShowRun(advance=True) | FinishIntents() | StartExport():
            return "operate"
        case ReviewDecide() | ReviewSample():
            return "review"
    return "view"


def check_access(access: Access, request: object) -> None:
    """Raise ``Forbidden`` if ``access`` is lower than ``request`` needs."""
    level = needed(request)
    if _LEVELS.index(access) < _LEVELS.index(level):
        raise Forbidden(f"this URL is for {access!r} requests, and this request needs {level!r}")
