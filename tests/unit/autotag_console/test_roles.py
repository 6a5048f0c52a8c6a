"""Roles, pair by pair: every request of the ops function, and every role."""

from typing import Any, get_args

import pytest
from msgspec import Struct

from autotag.service.exports.start import StartExport
from autotag.service.operations.access import needed
from autotag.service.operations.api import ListAudits, Request, Show
from autotag.service.operations.health import Health
from autotag.service.operations.lost_intents import FinishIntents, LostIntents
from autotag.service.operations.replay import Replay
from autotag.service.operations.scan import Scan
from autotag.service.review.choices import Choice, Sent
from autotag.service.review.queue import ReviewList
from autotag.service.review.requests import ReviewDecide, ReviewProgress
from autotag.service.review.sample import LabelChoice, ReviewSample
from autotag.service.review.summary import ReviewSummary
from autotag.service.rules.publish import PushRules, ShowRules
from autotag.service.rules.versions import ListPushes, ShowVersion
from autotag.service.runs.requests import ControlRun, ListRuns, PlanRun, ShowRun, StartRun
from autotag_console.ask import Denied, SignInAgain
from autotag_console.guard.sessions import Session
from autotag_console.roles import FRESH_SECONDS, LEAST, ROLES, check_session, highest, least_role

ASSET, RUN, AT = "a" * 32, "b" * 32, 1_800_000_000
ALLOWED: list[tuple[Request, str]] = [
    (Show(ASSET), "viewer reviewer admin"),
    (ListAudits(ASSET), "viewer reviewer admin"),
    (Replay(f"{ASSET}.1.1"), "viewer reviewer admin"),
    (ShowRules(), "viewer reviewer admin"),
    (ListPushes(), "viewer reviewer admin"),
    (ShowVersion("c" * 64), "viewer reviewer admin"),
    (Health(), "viewer reviewer admin"),
    (ReviewList(), "viewer reviewer admin"),
    (ReviewSummary(), "viewer reviewer admin"),
    (ListRuns(), "viewer reviewer admin"),
    (ShowRun(RUN), "viewer reviewer admin"),
    (ReviewDecide((Choice(ASSET, "guitar", "accept", 1),)), "reviewer admin"),
    (ReviewDecide((Choice(ASSET, "guitar", "undo", 1, f"{ASSET}.1.1"),)), "reviewer admin"),
    (ReviewProgress((Sent(ASSET, "guitar", "accept", 1, audit_id=f"{ASSET}.1.1"),)), "reviewer admin"),
    (ReviewSample((LabelChoice(ASSET, "Guitar", 1),)), "reviewer admin"),
    (PushRules("", None), "admin"),
    (PlanRun(action="retag"), "admin"),
    (StartRun(action="retag"), "admin"),
    (StartRun(action="revert"), "admin"),
    (ControlRun(RUN, "cancel"), "admin"),
    (ShowRun(RUN, advance=True), "admin"),
    (Scan(), "viewer reviewer admin"),
    (StartExport("2026-11-29T09:14:00Z"), "admin"),
    (LostIntents(), "admin"),
    (FinishIntents((ASSET,)), "admin"),
]
"""Each request, and the roles that may make it."""

PAIRS = [(request, role, role in roles.split()) for request, roles in ALLOWED for role in ROLES]


def session(role: Any, signed_in_at: int | None = AT) -> Session:
    return Session("cookie", "csrf", "oidc:login.example.com:ada@example.com", role, signed_in_at)


@pytest.mark.parametrize(("request_", "role", "may"), PAIRS, ids=lambda value: getattr(value, "role", None))
def test_a_role_may_make_the_requests_of_the_table_and_no_others(request_: Request, role: Any, may: bool) -> None:
    if may:
        check_session(session(role), request_, AT)
        return
    with pytest.raises(Denied, match=rf"needs the role \w+, and yours is {role}"):
        check_session(session(role), request_, AT)


def test_every_request_of_the_ops_function_is_in_the_table_and_is_tried_above() -> None:
    everything = set(get_args(Request))
    assert set(LEAST) == everything == {type(request) for request, _ in ALLOWED}


def test_a_request_that_is_not_in_the_table_is_refused_for_every_role() -> None:
    class Unheard(Struct):
        """A request of a later version."""

    for role in ROLES:
        with pytest.raises(Denied, match="no role may ask"):
            check_session(session(role), Unheard(), AT)  # type: ignore[arg-type]


def test_no_role_may_do_more_than_the_iam_policy_of_its_rank_allows() -> None:
    ranks = dict(zip(ROLES, ("view", "review", "operate"), strict=True))
    levels = list(ranks.values())
    for request, _ in ALLOWED:
        least = least_role(request)
        assert least is not None and levels.index(ranks[least]) >= levels.index(needed(request))


@pytest.mark.parametrize("request_", [PushRules("", None), StartRun(action="revert")])
def test_pushes_and_reverts_need_a_login_of_the_last_fifteen_minutes(request_: Request) -> None:
    check_session(session("admin"), request_, AT + FRESH_SECONDS)
    with pytest.raises(SignInAgain, match="a login of the last 15 minutes"):
        check_session(session("admin"), request_, AT + FRESH_SECONDS + 1)
    with pytest.raises(Denied):  # not even a fresh login raises a role
        check_session(session("reviewer"), request_, AT)


def test_nothing_else_asks_for_a_fresh_login_and_aws_credentials_never_do() -> None:
    for request, _ in ALLOWED:
        if not (isinstance(request, PushRules) or (isinstance(request, StartRun) and request.action == "revert")):
            check_session(session("admin"), request, AT + 8 * 3600)
        check_session(session("admin", None), request, AT + 8 * 3600)


def test_of_several_groups_the_highest_role_counts_and_a_group_without_one_counts_for_nothing() -> None:
    roles: dict[str, Any] = {"watchers": "viewer", "taggers": "reviewer", "owners": "admin"}
    assert highest(("watchers", "owners", "taggers"), roles) == "admin"
    assert highest(("strangers", "watchers"), roles) == "viewer"
    assert highest(("strangers",), roles) is None and highest((), roles) is None
