"""The plan of a run in the deployed console: made step by step, carried by a form, and good for one run."""

import re
from typing import Any

import pytest
from msgspec.structs import replace
from starlette.testclient import TestClient

from autotag.domain.errors import Retryable
from autotag.domain.runs.run import SEGMENTS
from autotag.service.operations.api import Request
from autotag.service.rules.publish import ShowRules
from autotag.service.runs.requests import PlanRun, StartRun
from tests.unit.autotag_cli.fake_library import FakeLibrary
from tests.unit.autotag_console.runs.library_page import words
from tests.unit.autotag_console.sign_in.deployed_page import DeployedPage


class Planning(DeployedPage):
    """An admin's browser at a deployed console of 12 assets, which answers with an asset a page, a page a step."""

    def __init__(self) -> None:
        self.library = FakeLibrary()
        super().__init__(self.library)
        self.browser = self.signed_in("owners")

    def process(self) -> Any:
        app = super().process()
        app.state.settings = replace(app.state.settings, patience=0.0)
        return app

    def answer(self, request: Request) -> bytes:
        return super().answer(replace(request, limit=1) if isinstance(request, PlanRun) else request)

    def send(self, page: str, form: str, **fields: str) -> Any:
        """Send a form of a page as a browser without scripts does."""
        element = page.split(f'<form id="{form}"')[1].split("</form>")[0]
        path = element.split('action="')[1].split('"')[0]
        inputs = re.findall(r'<input type="hidden"[^>]*>', element)
        inputs += re.findall(rf'<input type="hidden"[^>]* form="{form}">', page)
        hidden = {each.split('name="')[1].split('"')[0]: each.split('value="')[1].split('"')[0] for each in inputs}
        return self.post(self.browser, path, **(hidden | fields))

    def first_step(self, **fields: str) -> str:
        """Return the page after the first step of a plan."""
        answer = self.post(self.browser, "/runs/new", **fields)
        assert answer.status_code == 200, words(answer.text)
        return str(answer.text)

    def plan(self, **fields: str) -> str:
        """Press the button until the plan is complete, and return its page."""
        page = self.first_step(**fields)
        while 'id="go-on"' in page:
            page = self.send(page, "go-on").text
        assert 'id="plan"' in page, words(page)
        return page

    def run_to_the_end(self) -> None:
        """Let time pass until the last run is not running any more."""
        for _ in range(200):
            if self.library.run.status != "running":
                return
            self.library.sleep(30)

    @property
    def started(self) -> list[StartRun]:
        return self.ask.asked_of(StartRun)


@pytest.fixture
def page() -> Planning:
    return Planning()


def sealed(text: str) -> str:
    return text.split('id="sealed" name="plan" value="')[1].split('"')[0]


def far(text: str) -> int:
    """Return how many assets a page says were looked at."""
    return int(re.findall(r"(\d+) assets looked at so far\.", words(text))[0])


def test_nothing_is_planned_before_somebody_asks(page: Planning) -> None:
    text = page.browser.get("/runs/new?folder=stage/**&rules=older").text
    assert 'name="folder" value="stage/**"' in text and '<option value="older" selected>' in text
    assert 'id="plan"' not in text and 'id="go-on"' not in text and page.ask.asked_of(PlanRun) == []


def test_a_plan_is_made_step_by_step_by_a_button_and_is_that_of_the_whole_library(page: Planning) -> None:
    text, looked_at, asked = page.first_step(), [0], 0
    while 'id="go-on"' in text:
        looked_at.append(far(text))
        assert 'id="plan"' not in text and "go_on.js" in text
        assert 0 < len(page.ask.asked_of(PlanRun)) - asked <= SEGMENTS
        asked = len(page.ask.asked_of(PlanRun))
        text = page.send(text, "go-on").text
    assert len(looked_at) >= 3 and looked_at == sorted(set(looked_at)) and "go_on.js" not in text
    said = words(text)
    assert "Tags would change on 9 of 12 assets." in said and "People → crowd on 6 assets" in said
    assert re.search("Guitar \N{MINUS SIGN}6 stage/\\d", said) and page.started == []


def test_another_process_goes_on_with_a_plan_and_starts_it(page: Planning) -> None:
    text = page.first_step()
    while 'id="go-on"' in text:
        page.browser = page.in_another_process(page.browser)
        text = page.send(text, "go-on").text
    page.browser = page.in_another_process(page.browser)
    assert "Tags would change on 9 of 12 assets." in words(text)
    assert page.send(text, "start").headers["location"] == f"/runs/{page.library.run.id}"


def test_what_was_planned_is_started_and_does_just_that(page: Planning) -> None:
    answer = page.send(page.plan(folder="stage/**"), "start", rate="10", max_calls="500")
    run = page.library.run
    assert (answer.status_code, answer.headers["location"]) == (303, f"/runs/{run.id}")
    assert (run.action, run.filter.folder, run.rate, run.max_calls) == ("retag", "stage/**", 10, 500)
    assert "Running" in words(page.browser.get(f"/runs/{run.id}").text)


def test_a_form_that_is_sent_twice_starts_one_run_whatever_pace_it_has_then(page: Planning) -> None:
    text = page.plan()
    answers = [page.send(text, "start"), page.send(text, "start"), page.send(text, "start", rate="3")]
    assert {each.headers["location"] for each in answers} == {f"/runs/{page.library.run.id}"}
    assert len(page.library.fakes.runs.items) == 1
    again = page.send(text, "start", run="0" * 32)  # the id is that of the plan, whatever a form says
    assert again.headers["location"] == f"/runs/{page.library.run.id}" and len(page.library.fakes.runs.items) == 1


def test_a_page_with_a_plan_is_loaded_again_without_reading_anything(page: Planning) -> None:
    text = page.plan()
    page.ask.asked.clear()
    again = page.post(page.browser, "/runs/new", plan=sealed(text)).text
    assert "Tags would change on 9 of 12 assets." in words(again) and page.ask.asked_of(PlanRun) == []
    assert page.send(again, "start").headers["location"] == page.send(text, "start").headers["location"]


def test_a_plan_that_is_not_complete_starts_nothing(page: Planning) -> None:
    answer = page.post(page.browser, "/runs", plan=sealed(page.first_step()))
    assert answer.status_code == 409 and "The plan is not complete" in words(answer.text) and page.started == []


@pytest.mark.parametrize("path", ["/runs/new", "/runs"])
def test_a_plan_that_was_changed_or_invented_is_refused(page: Planning, path: str) -> None:
    good = sealed(page.plan())
    content, _, code = good.partition(".")
    for bad in (f"{content[:-8]}AAAAAAAA.{code}", f"{content}.{code[:-1]}_", content, "x", "é.é"):
        answer = page.post(page.browser, path, plan=bad)
        assert answer.status_code == 409 and "make it again" in words(answer.text), bad
    assert page.post(page.browser, path, plan="x" * 200_000).status_code == 400
    assert page.post(page.browser, path, plan=good, folder="elsewhere").status_code == 409
    assert page.started == []


def test_a_plan_is_its_person_s_own_and_ends_with_a_session(page: Planning) -> None:
    text = page.plan()
    bob = page.signed_in("owners", email="bob@example.com")
    assert page.post(bob, "/runs", plan=sealed(text)).status_code == 409
    page.time += 8 * 3600
    ada = page.signed_in("owners")
    answer = page.post(ada, "/runs", plan=sealed(text))
    assert answer.status_code == 409 and "too old" in words(answer.text) and page.started == []


@pytest.mark.parametrize("group", ["watchers", "taggers"])
def test_who_may_not_plan_runs_reads_a_sentence(page: Planning, group: str) -> None:
    answer = page.post(page.signed_in(group), "/runs/new")
    assert answer.status_code == 403 and "needs the role admin" in words(answer.text)
    assert page.ask.asked_of(PlanRun) == []


def test_rules_that_change_between_two_steps_end_the_plan(page: Planning) -> None:
    first, whole = page.first_step(), page.plan()
    page.library.ops.rule_store.push("[defaults]\nthreshold = 0.95\n")
    page.app.state.kept.forget(ShowRules())
    read = len(page.ask.asked_of(PlanRun))
    text = page.send(first, "go-on").text
    assert "The rules have changed since this plan was made." in words(text)
    assert 'id="go-on"' not in text and 'id="start"' not in text and len(page.ask.asked_of(PlanRun)) == read
    answer = page.send(whole, "start")
    assert answer.status_code == 409 and "the rules have changed" in words(answer.text) and page.started == []


def test_a_step_that_fails_loses_nothing_and_is_tried_again_by_the_button(page: Planning) -> None:
    first = page.first_step()
    page.ask.fails[PlanRun] = Retryable("the table is down")
    failed = page.send(first, "go-on")
    assert failed.status_code == 503 and "The table is down." in words(failed.text)
    assert far(failed.text) == far(first) and "go_on.js" not in failed.text
    del page.ask.fails[PlanRun]
    assert far(page.send(failed.text, "go-on").text) > far(first)


def test_a_revert_says_what_it_will_undo_and_wants_the_number_typed(page: Planning) -> None:
    before = page.library.library.tags()
    page.send(page.plan(), "start")
    page.ask.asked.clear()
    page.run_to_the_end()
    done = page.library.run
    assert f'href="/runs/new?undo={done.id}"' in page.browser.get(f"/runs/{done.id}").text
    shown = page.plan(undo=done.id)
    assert "Tags would change on 9 of 12 assets." in words(shown)
    wrong = page.send(shown, "start", count="8")
    assert wrong.status_code == 400 and "Expected 9, not 8: nothing was started." in words(wrong.text)
    assert page.send(shown, "start").status_code == 400 and page.started == []
    assert page.send(wrong.text, "start", count="9").status_code == 303
    page.run_to_the_end()
    assert page.library.run.action == "revert" and page.library.library.tags() == before


def test_a_revert_that_needs_a_new_login_is_started_after_it_by_the_same_form(page: Planning) -> None:
    page.send(page.plan(), "start")
    page.run_to_the_end()
    shown = page.plan(undo=page.library.run.id)
    page.time += 901
    refused = page.send(shown, "start", count="9")
    assert refused.status_code == 403 and "a login of the last 15 minutes" in words(refused.text)
    sign_in_again(page.browser, page)
    assert page.send(shown, "start", count="9").status_code == 303 and page.library.run.action == "revert"


def sign_in_again(browser: TestClient, page: Planning) -> None:
    to_provider = browser.get("/sign-in?again=1").headers["location"]
    assert browser.get(page.provider.sign_in(to_provider)).status_code == 303
