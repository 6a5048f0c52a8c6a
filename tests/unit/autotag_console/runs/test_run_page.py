"""A run on its page: how far it is, what failed and why, and the buttons that stop it."""

import msgspec
import pytest
from msgspec.structs import replace

from autotag.domain.runs.progress import Counts
from autotag.domain.runs.run import Run
from autotag.service.runs.requests import ControlRun, ShowRun, shown
from autotag_console.ask import Denied
from autotag_console.runs.pace import Paces
from tests.unit.autotag_console.console_page import Page
from tests.unit.autotag_console.pages.test_start_page import run
from tests.unit.autotag_console.runs.library_page import LibraryPage, words


@pytest.fixture
def page() -> Page:
    return Page(1).start()


def stored(page: Page, number: int = 1, **fields: object) -> Run:
    kept = replace(run(number), **fields)
    page.queue.ops.runs.create(kept)
    return kept


def test_a_run_that_goes_shows_its_progress_and_looks_again_by_itself(page: Page) -> None:
    going = stored(page)
    text = page.get(f"/runs/{going.id}").text
    assert 'id="live" data-status="running" data-every="2000"' in text and "live.js" in text
    assert '<progress aria-label="Changed assets" max="1500" value="602">' in text
    assert "Looked at 2,000 assets, not all yet" in words(text) and "Changed 600" in words(text)
    assert '<form id="pause"' in text and '<form id="cancel"' in text and '<form id="resume"' not in text
    assert {each.advance for each in page.ask.asked_of(ShowRun)} == {False}


def test_a_run_that_has_ended_does_not_look_again(page: Page) -> None:
    ended = stored(page, status="done")
    text = page.get(f"/runs/{ended.id}").text
    assert "data-every" not in text and "live.js" not in text and '<form id="pause"' not in text
    assert f'href="/runs/new?undo={ended.id}"' in text


def test_failures_have_their_reasons(page: Page) -> None:
    failed = stored(page, counts=Counts(seen=9, planned=9, done=2, failed=7, gone=4, too_large=1))
    said = words(page.get(f"/runs/{failed.id}").text)
    assert "4 assets were no longer in Cloudinary. Nothing is left to do." in said
    assert "1 asset was too large to be stored." in said
    assert "2 assets were refused by Cloudinary. Its reason stands in the history of each asset." in said
    text = page.get(f"/runs/{failed.id}").text
    assert 'id="retry" href="/runs/new?status=failed"' in text
    assert 'id="see-failed" href="/library?q=status%3Afailed&amp;in=stack"' in text


def test_what_cannot_succeed_is_not_tried_again(page: Page) -> None:
    gone = stored(page, counts=Counts(seen=9, planned=9, done=4, failed=5, gone=4, too_large=1))
    assert 'id="retry"' not in page.get(f"/runs/{gone.id}").text


def test_a_run_is_paused_goes_on_and_is_stopped_for_good_by_forms() -> None:
    page = LibraryPage()
    page.begin(page.plan())
    address = f"/runs/{page.run.id}"
    for verb, status in (("pause", "paused"), ("resume", "running"), ("cancel", "cancelled")):
        answer = page.post(address, verb=verb)
        assert (answer.status_code, answer.headers["location"]) == (303, address)
        assert page.run.status == status
        assert f" {status.capitalize()} " in words(page.get(address).text).split("Looked at")[0]


def test_a_button_that_is_pressed_twice_does_it_once_and_what_cannot_be_done_is_said(page: Page) -> None:
    kept = stored(page)
    for _ in range(2):
        assert page.post_form(f"/runs/{kept.id}", verb="pause").status_code == 200
    page.post_form(f"/runs/{kept.id}", verb="cancel")
    answer = page.post_form(f"/runs/{kept.id}", verb="resume")
    assert answer.status_code == 409 and "the run is cancelled, so you cannot resume it" in words(answer.text)
    assert page.post_form(f"/runs/{kept.id}", verb="delete").status_code == 400


def test_who_may_not_control_runs_reads_a_sentence(page: Page) -> None:
    kept = stored(page)
    page.ask.fails[ControlRun] = Denied("AWS does not let you operate on 'prod'")
    answer = page.post_form(f"/runs/{kept.id}", verb="pause")
    assert answer.status_code == 403 and "AWS does not let you operate on 'prod'." in words(answer.text)


@pytest.mark.parametrize("name", ["0" * 32, "nothing", "%2e%2e"])
def test_a_run_that_is_not_there_is_not_found(page: Page, name: str) -> None:
    assert page.get(f"/runs/{name}").status_code == 404


def test_without_the_token_of_the_page_nothing_is_stopped(page: Page) -> None:
    kept = stored(page)
    assert page.browser.post(f"/runs/{kept.id}", data={"verb": "pause"}).status_code == 403
    assert page.ask.asked_of(ControlRun) == []


def test_the_pace_is_that_of_the_last_minutes() -> None:
    now = [0.0]
    paces = Paces(lambda: now[0])
    assert paces.seen("r", 100) is None
    now[0] = 10.0
    assert paces.seen("r", 300) == 20.0
    now[0] = 300.0
    assert paces.seen("r", 300) is None  # what was seen before is too old to say how fast it goes
    now[0] = 310.0
    assert paces.seen("r", 310) == 1.0
    assert paces.seen("other", 0) is None


def test_a_run_stands_still_only_if_nothing_was_finished_for_two_minutes() -> None:
    now = [0.0]
    paces = Paces(lambda: now[0])
    for now[0] in (0.0, 10.0, 60.0):
        assert paces.seen("r", 9) is None
    now[0] = 115.0
    assert paces.seen("r", 9) == 0


@pytest.mark.parametrize(
    ("reason", "said"),
    [("by ada", "Paused by ada"), ("all of its 5 units are used", "Paused: all of its 5 units are used")],
)
def test_a_paused_run_says_who_or_what_paused_it_and_has_not_ended(page: Page, reason: str, said: str) -> None:
    paused = stored(page, status="paused", why=reason, ended_at=1_791_460_800_000)
    for address in (f"/runs/{paused.id}", "/runs"):
        text = words(page.get(address).text)
        assert said in text and "October 8, 2026 at 12:00 UTC" in text
        assert "ended" not in text.lower().split("undo what it did")[-1]


def test_a_run_that_was_stopped_does_not_look_on(page: Page) -> None:
    stopped = stored(page, status="cancelled", why="by ada")
    for address in (f"/runs/{stopped.id}", "/runs"):
        assert "not all yet" not in words(page.get(address).text)


def test_the_time_left_follows_from_the_pace_that_was_seen(page: Page) -> None:
    now = [0.0]
    page.app.state.paces = Paces(lambda: now[0])
    counts = Counts(seen=2000, planned=1500, done=600)
    segments = {"through": 4, "of": 4}
    page.ask.answers[ShowRun] = answer_of(stored(page, counts=counts), segments)
    address = f"/runs/{run(1).id}"
    assert "Its limit is 25 assets a second: at that pace, about a minute left." in words(page.get(address).text)
    page.ask.answers[ShowRun] = answer_of(replace(run(1), counts=counts, rate=1), segments)
    assert "Its limit is 1 asset a second" in words(page.get(address).text)
    now[0] = 10.0
    page.ask.answers[ShowRun] = answer_of(replace(run(1), counts=replace(counts, done=650)), segments)
    assert "5.0 assets a second lately. About 3 minutes left." in words(page.get(address).text)


def answer_of(kept: Run, segments: dict[str, int]) -> bytes:
    """Return the ops function's answer about a run of which so many segments are through."""
    return msgspec.json.encode(shown(kept) | {"segments": segments})
