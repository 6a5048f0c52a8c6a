"""Each level of access makes its own requests and those of the levels below, and no request has been forgotten."""

from typing import get_args

import pytest

from autotag.domain.errors import Forbidden
from autotag.service.exports.start import StartExport
from autotag.service.operations.access import Access, check_access, needed
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

RUN = "0" * 32
NEEDED: tuple[tuple[Request, Access], ...] = (
    (Show("a1"), "view"),
    (ListAudits("a1"), "view"),
    (Scan(), "view"),
    (ShowRules(), "view"),
    (ListPushes(), "view"),
    (ShowVersion("0" * 64), "view"),
    (Replay("a1"), "view"),
    (Health(), "view"),
    (LostIntents(), "view"),
    (FinishIntents(("a1",)), "operate"),
    (StartExport("2026-11-29T08:00:00Z"), "operate"),
    (PlanRun(action="retag"), "view"),
    (ShowRun(RUN), "view"),
    (ListRuns(), "view"),
    (ReviewList(), "view"),
    (ReviewSummary(), "view"),
    (ReviewProgress(()), "view"),
    (ReviewDecide(()), "review"),
    (ReviewSample(()), "review"),
    (PushRules(""), "operate"),
    (StartRun(action="retag"), "operate"),
    (ControlRun(RUN, "pause"), "operate"),
    (ShowRun(RUN, advance=True), "operate"),
)
ALLOWED = [("view", {"view"}), ("review", {"view", "review"}), ("operate", {"view", "review", "operate"})]


def name_of(value: Request | Access) -> str:
    return value if isinstance(value, str) else type(value).__name__


def test_every_request_has_a_level() -> None:
    assert set(get_args(Request)) == {type(request) for request, _ in NEEDED}


@pytest.mark.parametrize(("request_", "level"), NEEDED, ids=name_of)
@pytest.mark.parametrize(("access", "levels"), ALLOWED)
def test_a_request_is_made_from_its_level_on(
    request_: Request, level: Access, access: Access, levels: set[Access]
) -> None:
    assert needed(request_) == level
    if level in levels:
        check_access(access, request_)
    else:
        with pytest.raises(Forbidden, match=f"this URL is for '{access}' requests"):
            check_access(access, request_)
