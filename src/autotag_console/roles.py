"""Roles: the least role of each request. One table; a type that is not in it is refused."""

from collections.abc import Mapping
from time import time
from typing import get_args

from autotag.service.exports.start import StartExport
from autotag.service.operations.api import ListAudits, Request, Show
from autotag.service.operations.health import Health
from autotag.service.operations.lost_intents import FinishIntents, LostIntents
from autotag.service.operations.replay import Replay
from autotag.service.operations.scan import Scan
from autotag.service.review.queue import ReviewList
from autotag.service.review.requests import ReviewDecide, ReviewProgress
from autotag.service.review.sample import ReviewSample
from autotag.service.review.summary import ReviewSummary
from autotag.service.rules.publish import PushRules, ShowRules
from autotag.service.rules.versions import ListPushes, ShowVersion
from autotag.service.runs.requests import ControlRun, ListRuns, PlanRun, ShowRun, StartRun
from autotag_console.ask import Denied, SignInAgain
from autotag_console.guard.sessions import Role, Session

ROLES: tuple[Role, ...] = get_args(Role)
"""From the lowest to the highest."""

LEAST: Mapping[type, Role] = {
    Show: "viewer",
    ListAudits: "viewer",
    Replay: "viewer",
    ShowRules: "viewer",
    ListPushes: "viewer",
    ShowVersion: "viewer",
    Health: "viewer",
    ReviewList: "viewer",
    ReviewSummary: "viewer",
    ListRuns: "viewer",
    ShowRun: "viewer",
    Scan: "viewer",
    ReviewDecide: "reviewer",
    ReviewProgress: "reviewer",
    ReviewSample: "reviewer",
    PushRules: "admin",
    PlanRun: "admin",
    StartRun: "admin",
    ControlRun: "admin",
    StartExport: "admin",
    LostIntents: "admin",
    FinishIntents: "admin",
}
"""The least role of each type of request; ``ShowRun`` that advances a run needs more, see ``least_role``."""

FRESH_SECONDS = 900
"""How old a login may be for what changes many pictures at once, or cannot be taken back one by one."""


def least_role(request: Request) -> Role | None:
    """Return the least role that may make ``request``, None if no role may."""
    if isinstance(request, ShowRun) and request.advance:
        return "admin"
    return LEAST.get(type(request))


def needs_fresh_login(request: Request) -> bool:
    """Return whether ``request`` needs a login of the last minutes: it pushes rules, or reverts a library."""
    return isinstance(request, PushRules) or (isinstance(request, StartRun) and request.action == "revert")


def highest(groups: tuple[str, ...], roles: Mapping[str, Role]) -> Role | None:
    """Return the highest role that ``roles`` gives to any of a person's groups, None if it names none of them."""
    return max((roles[group] for group in groups if group in roles), key=ROLES.index, default=None)


def check_session(session: Session, request: Request, now: float | None = None) -> None:
    """Raise ``Denied`` if the session's role is too low for ``request``, ``SignInAgain`` if its login is too old."""
    least = least_role(request)
    if least is None:
        raise Denied("no role may ask the stack for that")
    if ROLES.index(session.role) < ROLES.index(least):
        raise Denied(f"that needs the role {least}, and yours is {session.role}")
    if session.signed_in_at is None or not needs_fresh_login(request):
        return
    if (time() if now is None else now) - session.signed_in_at > FRESH_SECONDS:
        raise SignInAgain(f"that needs a login of the last {FRESH_SECONDS // 60} minutes: sign in again")
