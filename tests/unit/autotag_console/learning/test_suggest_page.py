"""The page of what is learned from people: begun by a form, done in the background, kept with its time."""

import re
from html import unescape
from typing import Literal

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Retryable
from autotag.domain.model.labels import label_key
from autotag.domain.model.verdicts import Bar, Sample
from autotag.domain.state.asset_state import TagPreference
from autotag.service.operations.scan import Scan
from autotag_console.learning.background import Progress
from autotag_console.learning.learned import learn_from
from tests.fakes.samples import resource
from tests.unit.autotag_console.console_page import ORIGIN, Page

PATH = "/rules/suggest"
ANSWERED = 200_000
"""Unix milliseconds, after the uploads."""


def asked_at_random(page: Page, label: str, right_from: float, pictures: int = 200, every: int = 3) -> None:
    """Let there be pictures of a label of all confidences, every third one answered at random: right from a bar on."""
    for n in range(pictures):
        confidence, key = round(0.3 + 0.7 * n / pictures, 4), label.lower()
        asset_id = f"{key.replace(' ', '-')}{n}"
        page.queue.given(resource(asset_id, {label: confidence}))
        if n % every:
            continue
        items = page.queue.fakes.store.items
        is_right = confidence >= right_from
        verdict: Literal["accept", "reject"] = "accept" if is_right else "reject"
        said = TagPreference("add" if is_right else "remove", ANSWERED, label, (key,), answer="0" * 12)
        sample = Sample(ANSWERED - 1, label, key, round(confidence * 10_000), "", Bar(0.7), verdict, ANSWERED)
        known = items[asset_id]
        assert known.facts is not None
        facts = replace(known.facts, tags=(label,) if is_right else ())
        items[asset_id] = replace(known, samples={key: sample}, people={key: said}, facts=facts, managed_tags={})


def learn(page: Page, **fields: str) -> str:
    """Press the button, and return the page once everything is read."""
    page.post_form(PATH, **{"wrong_costs": "1", **fields})
    page.app.state.learned.join()
    answer = page.get(PATH)
    assert answer.status_code == 200
    return str(answer.text)


def words(text: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", text)))


@pytest.fixture
def page() -> Page:
    return Page(0).start()


def test_nothing_is_read_before_somebody_asks_for_it(page: Page) -> None:
    text = page.get(PATH).text
    assert "Read all pictures" in text and page.ask.asked_of(Scan) == []
    assert 'href="/rules/suggest"' in page.get("/rules").text


def test_a_wrong_threshold_is_shown_beside_the_better_one_with_what_it_would_change(page: Page) -> None:
    asked_at_random(page, "Dog", right_from=0.45)
    text = learn(page)
    found = re.search(r'data-label="Dog" data-why="proposed" data-present="0.70" data-proposed="(0\.\d+)"', text)
    assert found and 0.4 <= float(found[1]) <= 0.5
    said = words(text)
    assert f"Dog should be a tag from {found[1]} instead of 0.70." in said
    come = re.search(r"(\d+) tags Dog would come, of which about (\d+) are right \((\d+) to (\d+)\)", said)
    assert come
    tags, expected, low, high = map(int, come.groups())
    assert low <= expected <= high <= tags
    assert tags == sum(float(found[1]) <= round(0.3 + 0.7 * n / 200, 4) < 0.7 for n in range(200) if n % 3)
    assert "questions at random:" in said and "under the rules" in said


def test_the_drawing_says_its_numbers_in_words_and_a_table_has_them(page: Page) -> None:
    asked_at_random(page, "Dog", right_from=0.45)
    text = learn(page)
    label = re.search(r'<svg role="img" aria-label="([^"]+)"', text)
    assert label and "Dog by confidence. 0.30 to 0.35: 15 pictures, 0 judged right, 5 wrong;" in label[1]
    rows = re.findall(r'<th scope="row">0\.(\d\d) .*?</th><td>(\d+)</td><td>(\d+)</td><td>(\d+)</td>', text)
    assert rows[0] == ("30", "15", "0", "5") and sum(int(row[1]) for row in rows) == 200
    assert "style=" not in text and "<style" not in text


def test_the_pictures_that_spoke_are_links_to_their_pages(page: Page) -> None:
    asked_at_random(page, "Dog", right_from=0.45)
    text = learn(page)
    links = re.findall(r'<li><a href="(/asset/dog\d+)"><bdi>stage/dog\d+</bdi></a> (0\.\d+): (right|wrong)</li>', text)
    assert {verdict for *_, verdict in links} == {"right", "wrong"}
    assert all((float(confidence) >= 0.45) == (verdict == "right") for _, confidence, verdict in links)
    assert page.get(links[0][0]).status_code == 200


def test_what_is_thin_says_how_many_verdicts_are_missing_and_how_to_ask(page: Page) -> None:
    asked_at_random(page, "Sea Cow", right_from=0.45, pictures=30, every=6)
    said = words(learn(page))
    assert "5 verdicts on Sea Cow are too few: 15 more are needed." in said
    assert "autotag review sample --labels 'Sea Cow'" in said


def test_the_cost_of_a_wrong_tag_is_asked_for_and_said(page: Page) -> None:
    asked_at_random(page, "Dog", right_from=0.45)
    text = learn(page, wrong_costs="3")
    assert "A wrong tag is as bad as 3 missing ones." in words(text) and 'value="3"' in text
    assert "autotag rules suggest --stored --wrong-costs 3 --out suggested.toml" in words(text)
    for wrong in ("0", "-1", "much", "101"):  # the command takes no more than 100 either
        assert page.post_form(PATH, wrong_costs=wrong).status_code == 400


def test_progress_is_shown_while_pictures_are_read_and_nothing_is_begun_twice(page: Page) -> None:
    asked_at_random(page, "Dog", right_from=0.45, pictures=20)
    csrf = page.csrf()
    page.ask.opened.clear()
    for _ in range(2):
        page.browser.post(PATH, data={"csrf": csrf, "wrong_costs": "1"}, headers={"origin": ORIGIN})
    text = page.get(PATH).text
    assert "0 pictures read so far" in text and "<form" not in text
    assert '<noscript><meta http-equiv="refresh"' in text and "suggest.js" in text
    assert page.get("/api/suggest").json() == {"assets": 0, "all_read": False, "of": 0}
    page.ask.opened.set()
    page.app.state.learned.join()
    assert len({each.segment for each in page.ask.asked_of(Scan)}) == len(page.ask.asked_of(Scan)) == 8
    assert page.get("/api/suggest").json() == {"assets": None, "all_read": None, "of": None}


def test_once_all_pictures_are_read_the_page_says_that_it_computes(page: Page) -> None:
    asked_at_random(page, "Dog", right_from=0.45, pictures=20)
    reports: list[tuple[int, bool, int]] = []
    learn_from(page.ask)(1.0, lambda done, all_done, of: reports.append((done, all_done, of)))
    assert [all_done for _, all_done, _ in reports] == [False] * 7 + [True] and reports[-1] == (20, True, 20)
    assert reports[3] == (12, False, 24)  # half of the parts are read
    page.app.state.learned.progress = Progress(0.0, *reports[-1])
    assert "20 pictures read, which is all. Computing the thresholds …" in words(page.get(PATH).text)
    assert page.get("/api/suggest").json() == {"assets": 20, "all_read": True, "of": 20}


def test_a_fault_is_said_and_the_last_result_stays(page: Page) -> None:
    asked_at_random(page, "Dog", right_from=0.45)
    first = learn(page)
    page.ask.fails[Scan] = Retryable("the stack does not answer")
    text = learn(page)
    assert "The stack does not answer." in words(text) and 'data-why="proposed"' in text
    assert re.search(r'id="of">Of <time datetime="([^"]+)"', first)
    del page.ask.fails[Scan]
    assert "does not answer" not in learn(page)


def test_an_empty_library_says_what_to_do(page: Page) -> None:
    said = words(learn(page))
    assert "0 pictures" in said and "Nobody has said yet whether a label is right." in said
    assert "autotag review sample" in said and "autotag rules push" not in said


def test_commands_are_those_that_help_and_ask_about_the_label_that_people_miss(page: Page) -> None:
    asked_at_random(page, "Dog", right_from=0.45)
    assert "autotag rules push" in words(learn(page)) and "autotag review sample" not in words(learn(page))
    asked_at_random(page, "Sea Cow", right_from=0.45, pictures=30, every=6)
    said = words(learn(page))
    asking = "Ask people about random pictures where too little is known: autotag review sample --labels 'Sea Cow'"
    assert asking in said and said.index("autotag retag --dry-run") < said.index(asking)


def test_a_hostile_label_stays_text(page: Page) -> None:
    label = "<img src=x onerror=alert(1)>\"'{{7*7}}"
    page.queue.given(resource("a9", {label: 0.9}))
    known = page.queue.fakes.store.items["a9"]
    sample = Sample(ANSWERED - 1, label, label_key(label), 9000, "", Bar(0.7), "accept", ANSWERED)
    page.queue.fakes.store.items["a9"] = replace(known, samples={label_key(label): sample})
    text = learn(page)
    assert "&lt;img src=x onerror=alert(1)&gt;" in text and "<img" not in text and "{{7*7}}" in text
    assert re.search(r'<svg role="img" aria-label="[^"<>]*"', text)
