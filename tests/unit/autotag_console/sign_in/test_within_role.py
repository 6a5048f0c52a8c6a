"""What a session may ask is decided where the stack is asked, whatever a page or a script sends."""

import pytest
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from autotag.service.operations.api import Request
from autotag.service.operations.lost_intents import LostIntents
from autotag.service.review.requests import ReviewDecide
from autotag.service.rules.publish import PushRules
from autotag.service.runs.requests import StartRun
from autotag_console.ask import asked
from autotag_console.kept import Kept
from tests.unit.autotag_cli.fake_review_queue import FakeReviewQueue
from tests.unit.autotag_console.sign_in.deployed_page import DeployedPage
from tests.unit.handlers.console.console_requests import ORIGIN

PUSH, REVERT, RETAG = PushRules("name = 'x'"), StartRun(action="revert"), StartRun(action="retag")
CHANGES: dict[str, Request] = {"/push": PUSH, "/revert": REVERT, "/retag": RETAG, "/lost": LostIntents()}


class Deployed(DeployedPage):
    """A deployed console with questions, and with pages that ask for what no page of it asks yet."""

    def __init__(self) -> None:
        self.queue = FakeReviewQueue(3)
        super().__init__(self.queue)
        self.ask.answers = {PushRules: b"{}", StartRun: b"{}", LostIntents: b"{}"}
        for path in CHANGES:
            self.app.router.routes.append(Route(path, self._change, methods=["POST"]))
            self.app.router.routes.append(Route(f"/kept{path}", self._kept))

    async def _change(self, request: HttpRequest) -> Response:
        await asked(request, CHANGES[request.url.path], dict)
        return Response("done")

    async def _kept(self, request: HttpRequest) -> Response:
        kept: Kept = request.app.state.kept
        await kept.asked(request, CHANGES[request.url.path.removeprefix("/kept")], dict, 60.0)
        return Response("done")


@pytest.fixture
def deployed() -> Deployed:
    return Deployed()


@pytest.mark.parametrize("path", CHANGES)
@pytest.mark.parametrize("group", ["watchers", "taggers"])
def test_a_viewer_and_a_reviewer_cannot_push_rules_or_start_a_run(deployed: Deployed, group: str, path: str) -> None:
    answer = deployed.post(deployed.signed_in(group), path)
    assert answer.status_code == 403 and "needs the role admin" in answer.text
    assert deployed.ask.asked_of(type(CHANGES[path])) == []


@pytest.mark.parametrize("path", CHANGES)
def test_an_admin_can(deployed: Deployed, path: str) -> None:
    assert deployed.post(deployed.signed_in("owners"), path).status_code == 200
    assert len(deployed.ask.asked_of(type(CHANGES[path]))) == 1


def test_an_answer_that_is_kept_from_a_higher_role_is_not_shown_to_a_lower_one(deployed: Deployed) -> None:
    assert deployed.signed_in("owners").get("/kept/lost").status_code == 200
    assert deployed.signed_in("watchers").get("/kept/lost").status_code == 403


@pytest.mark.parametrize("path", ["/push", "/revert"])
def test_a_push_and_a_revert_after_fifteen_minutes_lead_to_a_new_login(deployed: Deployed, path: str) -> None:
    browser = deployed.signed_in("owners")
    deployed.time += 901
    answer = deployed.post(browser, path)
    assert answer.status_code == 403 and "a login of the last 15 minutes" in answer.text
    assert 'href="/sign-in?again=1' in answer.text and deployed.ask.asked_of(type(CHANGES[path])) == []
    assert deployed.post(browser, "/retag").status_code == 200
    again = browser.get("/sign-in?again=1").headers["location"]
    assert browser.get(deployed.provider.sign_in(again)).status_code == 303
    assert deployed.post(browser, path).status_code == 200


def test_a_login_is_as_old_as_the_provider_says(deployed: Deployed) -> None:
    browser = deployed.signed_in("owners", auth_time=deployed.time - 3600)
    assert deployed.post(browser, "/push").status_code == 403
    future = deployed.signed_in("owners", auth_time=deployed.time + 3600)
    deployed.time += 901
    assert deployed.post(future, "/push").status_code == 403


def test_a_viewer_sees_the_questions_and_cannot_answer_one(deployed: Deployed) -> None:
    browser = deployed.signed_in("watchers")
    assert browser.get("/review").status_code == 200
    csrf = browser.get("/health").text.split('<meta name="csrf" content="')[1].split('"')[0]
    body = {"decisions": [{"asset": "a" * 32, "tag": "guitar", "verdict": "accept", "version": 1}]}
    headers = {"origin": ORIGIN, "sec-fetch-site": "same-origin", "x-csrf": csrf}
    answer = browser.post("/api/answers", json=body, headers=headers)
    assert answer.status_code == 403 and "needs the role reviewer" in answer.json()["error"]["message"]
    assert deployed.ask.asked_of(ReviewDecide) == []


def test_answers_are_recorded_as_each_person_s_and_listed_for_that_person_alone(deployed: Deployed) -> None:
    ada = deployed.signed_in("taggers")
    bob = deployed.signed_in("taggers", email="bob@example.com")
    version = deployed.queue.fakes.store.items["a0"].asset.version
    decision = {"asset": "a0", "tag": "musician", "verdict": "accept", "version": version}
    csrf = ada.get("/health").text.split('<meta name="csrf" content="')[1].split('"')[0]
    headers = {"origin": ORIGIN, "sec-fetch-site": "same-origin", "x-csrf": csrf}
    deployed.callers.clear()
    assert len(ada.post("/api/answers", json={"decisions": [decision]}, headers=headers).json()["queued"]) == 1
    assert deployed.callers == ["oidc:login.example.com:ada@example.com"]
    assert "stage/a0" in ada.get("/review/done").text and "stage/a0" not in bob.get("/review/done").text


def test_a_viewer_and_a_reviewer_search_the_library(deployed: Deployed) -> None:
    for group in ("watchers", "taggers"):
        answer = deployed.signed_in(group).get("/library?q=folder:**")
        assert answer.status_code == 200 and answer.text.count('<li class="cell"') == 3
