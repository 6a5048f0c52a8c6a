"""The plan of a run: what it would change is seen before anything is started, and a form starts one run."""

import json
import re

import pytest

from autotag.domain.errors import Retryable
from autotag.service.rules.publish import ShowRules
from autotag.service.runs.requests import PlanRun, StartRun
from autotag_console.ask import Denied
from tests.unit.autotag_console.runs.library_page import LibraryPage, words


@pytest.fixture
def page() -> LibraryPage:
    return LibraryPage()


def test_the_choices_of_an_address_fill_the_form_and_nothing_is_planned_yet(page: LibraryPage) -> None:
    text = page.get("/runs/new?folder=stage/**&rules=older&status=failed").text
    assert 'name="folder" value="stage/**"' in text and "<details open>" in text
    assert '<option value="older" selected>' in text and "<option selected>failed</option>" in text
    assert page.ask.asked_of(PlanRun) == [] and 'id="plan"' not in text


def test_a_plan_says_what_would_change_how_long_it_takes_and_what_it_costs(page: LibraryPage) -> None:
    said = words(page.plan())
    assert "Tags would change on 9 of 12 assets." in said
    assert "less than a minute at 25 assets a second" in said and "less than a cent" in said
    assert re.search(
        r"Calls to Cloudinary about [1-9]\d* , which cost nothing|about [1-9]\d*, which cost nothing", said
    )
    assert "People → crowd on 6 assets" in said
    assert re.search("Guitar \N{MINUS SIGN}6 stage/\\d", said)
    assert page.library.fakes.runs.items == {}


def test_a_plan_of_a_folder_asks_about_that_folder(page: LibraryPage) -> None:
    assert "Nothing would change on any of" in words(page.plan(folder="nowhere/**"))
    assert {each.filter.folder for each in page.ask.asked_of(PlanRun)} == {"nowhere/**"}


def test_assets_of_earlier_rules_are_those_before_the_number_of_the_active_ones(page: LibraryPage) -> None:
    assert "Tags would change on 9" in words(page.plan(rules="older"))
    assert {each.filter.rules_before for each in page.ask.asked_of(PlanRun)} == {1}


def test_where_rules_were_never_pushed_none_are_older(page: LibraryPage) -> None:
    page.ask.answers[ShowRules] = json.dumps(
        {"active": {"version": "c0ffee", "seq": 0, "name": "acme", "fault": None}}
    ).encode()
    answer = page.get("/runs/new?rules=older")
    assert answer.status_code == 400 and "none are older" in words(answer.text)


def test_what_was_planned_is_started_in_a_second_step_and_does_just_that(page: LibraryPage) -> None:
    shown = page.plan()
    answer = page.begin(shown, rate="10", max_calls="500")
    assert answer.status_code == 303 and answer.headers["location"] == f"/runs/{page.run.id}"
    assert (page.run.action, page.run.rate, page.run.max_calls) == ("retag", 10, 500)
    assert page.run_to_the_end().status == "done" and page.run.counts.done == 9
    assert "9 changed" in words(page.get("/runs").text)


def test_a_form_that_is_sent_twice_starts_one_run(page: LibraryPage) -> None:
    shown = page.plan()
    first, second = page.begin(shown), page.begin(shown)
    assert first.headers["location"] == second.headers["location"] == f"/runs/{page.run.id}"
    assert len(page.library.fakes.runs.items) == 1


def test_two_runs_need_two_plans(page: LibraryPage) -> None:
    shown = page.plan()
    page.begin(shown)
    text = page.get("/runs/new").text
    assert 'id="start"' not in text
    again = re.sub(r'name="run" value="\w+"', f'name="run" value="{"0" * 32}"', shown)
    answer = page.begin(again)
    assert answer.status_code == 409 and "make it again" in words(answer.text)
    assert len(page.library.fakes.runs.items) == 1


def test_a_plan_under_earlier_rules_starts_nothing(page: LibraryPage) -> None:
    shown = page.plan()
    page.library.ops.rule_store.push("[defaults]\nthreshold = 0.95\n")
    page.app.state.kept.forget(ShowRules())
    assert "The rules have changed since this plan was made." in words(page.get("/runs/new").text)
    answer = page.begin(shown)
    assert answer.status_code == 409 and "the rules have changed" in words(answer.text)
    assert page.library.fakes.runs.items == {}


def test_progress_is_shown_while_a_plan_is_made_and_the_page_looks_again(page: LibraryPage) -> None:
    csrf = page.csrf()
    page.get("/runs/new")
    page.ask.opened.clear()
    page.browser.post("/runs/new", data={"csrf": csrf}, headers={"origin": "http://127.0.0.1:8421"},
                      follow_redirects=False)  # fmt: skip
    text = page.get("/runs/new").text
    assert 'id="live" data-every="1000"' in text and "0 assets looked at so far" in words(text)
    assert "live.js" in text and '<noscript><meta http-equiv="refresh"' in text
    page.ask.opened.set()


def test_a_plan_that_fails_says_why(page: LibraryPage) -> None:
    page.ask.fails[PlanRun] = Retryable("the stack does not answer")
    assert "The stack does not answer." in words(page.plan())


def test_who_may_not_start_runs_reads_a_sentence_and_the_plan_stays(page: LibraryPage) -> None:
    shown = page.plan()
    page.ask.fails[StartRun] = Denied("AWS does not let you operate on 'prod'")
    answer = page.begin(shown)
    assert answer.status_code == 403 and "AWS does not let you operate on 'prod'." in words(answer.text)
    assert 'id="start"' in page.get("/runs/new").text


@pytest.mark.parametrize("fields", [{"rate": "0"}, {"rate": "1001"}, {"max_calls": "-1"}, {"run": "x"}])
def test_a_form_that_cannot_be_read_starts_nothing(page: LibraryPage, fields: dict[str, str]) -> None:
    assert page.begin(page.plan(), **fields).status_code == 400
    assert page.library.fakes.runs.items == {}


def test_a_revert_says_what_it_will_undo_and_wants_the_number_typed(page: LibraryPage) -> None:
    before = page.library.library.tags()
    page.begin(page.plan())
    done = page.run_to_the_end()
    assert f'href="/runs/new?undo={done.id}"' in page.get(f"/runs/{done.id}").text
    shown = page.plan(undo=done.id)
    assert "Tags would change on 9 of 12 assets." in words(shown) and "crowd \N{MINUS SIGN}6" in words(shown)
    wrong = page.begin(shown, count="8")
    assert wrong.status_code == 400 and "Expected 9, not 8: nothing was started." in words(wrong.text)
    assert page.begin(shown, count="").status_code == 400 and len(page.library.fakes.runs.items) == 1
    assert page.begin(shown, count=" 9 ").status_code == 303
    assert page.run.action == "revert" and page.run_to_the_end().status == "done"
    assert page.library.library.tags() == before


def test_a_run_that_goes_is_not_undone(page: LibraryPage) -> None:
    page.begin(page.plan())
    said = words(page.get(f"/runs/new?undo={page.run.id}").text)
    assert "Pause it or stop it for good first." in said and "See what it would undo" not in said
