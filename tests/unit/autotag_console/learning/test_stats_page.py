"""The page of statistics: counted when somebody asks for it, by the same reading as what people taught."""

import re

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Retryable
from autotag.domain.state.asset_state import TagPreference
from autotag.service.operations.health import Health
from autotag.service.operations.scan import Scan
from autotag.service.review.summary import ReviewSummary
from autotag_console.learning.background import Progress
from tests.unit.autotag_console.console_page import ORIGIN, Page
from tests.unit.autotag_console.learning.test_suggest_page import asked_at_random
from tests.unit.autotag_console.runs.library_page import words

PATH = "/stats"


def count(page: Page) -> str:
    """Press the button, and return the page once everything is read."""
    page.post_form(PATH)
    page.app.state.learned.join()
    return str(page.get(PATH).text)


def section(text: str, name: str) -> str:
    """Return what a section says."""
    return words(text.split(f'<section id="{name}"')[1].split("</section>")[0])


def corrected(page: Page, asset_id: str, tag: str, want: str, **fields: object) -> None:
    """Let a person have changed a tag of an asset."""
    items = page.queue.fakes.store.items
    said = TagPreference(want, 200_000, tag, (tag.lower(),), **fields)  # type: ignore[arg-type]
    items[asset_id] = replace(items[asset_id], people={tag.lower(): said})


@pytest.fixture
def page() -> Page:
    return Page(3).start()


def test_nothing_is_read_before_somebody_asks_for_it_but_the_queue_is_shown(page: Page) -> None:
    text = page.get(PATH).text
    assert "Count the library" in text and page.ask.asked_of(Scan) == []
    assert "3 questions about 3 pictures wait now." in section(text, "queue")
    assert '<a href="/stats" aria-current="page">Stats</a>' in text


def test_one_reading_serves_this_page_and_that_of_what_people_taught(page: Page) -> None:
    asked_at_random(page, "Dog", right_from=0.45)
    text = count(page)
    reads = len(page.ask.asked_of(Scan))
    assert "203 assets" in words(text) and 'data-label="Dog"' in page.get("/rules/suggest").text
    assert len(page.ask.asked_of(Scan)) == reads


def test_what_somebody_said_a_wrong_tag_costs_outlasts_a_count(page: Page) -> None:
    page.post_form("/rules/suggest", wrong_costs="3")
    page.app.state.learned.join()
    count(page)
    assert page.app.state.learned.last.value.suggestions.wrong_costs == 3.0


def test_tags_outcomes_and_status_are_counted_with_a_bar_each(page: Page) -> None:
    text = count(page)
    assert re.search(r"Became a tag sure enough for your rules \d+ Left out", section(text, "outcomes"))
    assert "Guitar 3" in section(text, "tags") and "tagged 3" in section(text, "tags")
    widths = [float(width) for width in re.findall(r'<rect x="0" y="0" width="([\d.]+)"', text)]
    assert max(widths) == 100.0 and min(widths) >= 1.0
    assert "style=" not in text and "<style" not in text


def test_tags_over_time_are_drawn_said_in_words_and_in_a_table(page: Page) -> None:
    text = count(page)
    drawn = re.search(r'<svg role="img" aria-label="(Tags by day of the last decision, October 8, 2026: [^"]+)"', text)
    assert drawn and drawn[1].endswith("on October 8, 2026.")
    assert re.search(r"Day Assets decided Their tags October 8, 2026 3 \d+", section(text, "time"))


def test_the_confidences_of_the_label_that_is_asked_for_are_drawn(page: Page) -> None:
    asked_at_random(page, "Dog", right_from=0.45, pictures=20, every=2)
    count(page)
    text = page.get(f"{PATH}?label=dog").text
    drawn = re.search(r'<svg role="img" aria-label="(Dog by confidence[^"]+)"', text)
    assert drawn and "0.30 to 0.35: 2 pictures, 0 judged right, 1 wrong;" in drawn[1]
    rows = re.findall(r'<th scope="row">0\.\d\d \S [\d.]+</th><td>(\d+)</td>', text)
    assert sum(map(int, rows)) == 20
    assert "No asset has the label Cat ." in section(page.get(f"{PATH}?label=Cat").text, "confidences")


def test_corrections_are_counted_by_label_without_accepted_answers_and_uploads(page: Page) -> None:
    corrected(page, "a0", "Guitar", "remove")
    corrected(page, "a1", "Guitar", "add", answer="0" * 12)
    corrected(page, "a2", "Dancer", "add")
    said = section(count(page), "corrections")
    assert "Guitar 1 0" in said and "Dancer 0 1" in said
    assert "of 3 assets that people edited" in said


def test_the_cost_of_a_month_is_said_with_its_parts(page: Page) -> None:
    said = section(count(page), "cost")
    assert re.search(r"AWS, estimated \$\d+\.\d\d , of which \$\d+\.\d\d without any traffic", said)
    assert "Secrets Manager $0.40" in said and "calls in this hour" in said


def test_how_far_the_reading_is_is_said_of_about_how_many(page: Page) -> None:
    page.app.state.learned.progress = Progress(0.0, 12_000, all_done=False, of=40_000)
    text = page.get(PATH).text
    assert "12,000 of about 40,000 assets read" in words(text) and 'id="live" data-every="1000"' in text
    assert '<progress aria-label="Assets read" max="40000" value="12000">' in text and "<form" not in text
    assert '<noscript><meta http-equiv="refresh"' in text


def test_two_presses_begin_one_reading(page: Page) -> None:
    csrf = page.csrf()
    page.ask.opened.clear()
    for path in (PATH, "/rules/suggest", PATH):
        data = {"csrf": csrf, **({"wrong_costs": "1"} if "rules" in path else {})}
        page.browser.post(path, data=data, headers={"origin": ORIGIN}, follow_redirects=False)
    page.ask.opened.set()
    page.app.state.learned.join()
    asked = page.ask.asked_of(Scan)
    assert len({(each.segment, each.cursor) for each in asked}) == len(asked)


@pytest.mark.parametrize("kind", [ReviewSummary, Health, Scan])
def test_what_cannot_be_read_is_said_and_hides_nothing_else(page: Page, kind: type) -> None:
    count(page)
    for question in (ReviewSummary(), Health()):
        page.app.state.kept.forget(question)
    page.ask.fails[kind] = Retryable("the stack does not answer")
    text = count(page)
    assert "The stack does not answer." in words(text) and "Secrets Manager" in text
