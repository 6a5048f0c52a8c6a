"""Statistics in the deployed console: counted step by step, and carried by a form."""

import json
import re
from array import array
from typing import Any

import pytest
from msgspec.structs import replace
from starlette.testclient import TestClient

from autotag.domain.errors import Retryable
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules
from autotag.domain.statistics.distributions import STEPS, Corrections
from autotag.service.operations.scan import Scan
from autotag.service.rules.publish import ShowRules
from autotag_console.learning.counting import begin_count, names_in, shortened_count
from autotag_console.learning.learned import SEGMENTS
from autotag_console.sign_in.sealed import LONGEST, Sealer
from tests.unit.autotag_cli.fake_review_queue import FakeReviewQueue
from tests.unit.autotag_console.console_page import Page
from tests.unit.autotag_console.learning.test_stats_page import corrected, count, section
from tests.unit.autotag_console.runs.library_page import words
from tests.unit.autotag_console.sign_in.deployed_page import DeployedPage

SECTIONS = ("queue", "time", "tags", "outcomes", "confidences", "corrections")


class Counting(DeployedPage):
    """A viewer's browser at a deployed console that reads a page with each step."""

    def __init__(self) -> None:
        self.queue = FakeReviewQueue(3)
        super().__init__(self.queue)
        self.browser: TestClient = self.signed_in("watchers")

    def process(self) -> Any:
        app = super().process()
        app.state.settings = replace(app.state.settings, patience=0.0)
        return app

    def send(self, **fields: str) -> Any:
        """Send a form of the page."""
        return self.post(self.browser, "/stats", **fields)

    def counted(self) -> str:
        """Press the button until everything is counted, and return the page."""
        text = self.send().text
        while 'id="go-on"' in text:
            text = self.send(counted=sealed(text)).text
        return str(text)


@pytest.fixture
def page() -> Counting:
    return Counting()


def sealed(text: str) -> str:
    return text.split('id="sealed" name="counted" value="')[1].split('"')[0]


def test_nothing_is_read_before_somebody_asks_for_it_but_the_queue_is_shown(page: Counting) -> None:
    text = page.browser.get("/stats").text
    assert "Count the library" in text and "while this page stays open" in text and page.ask.asked_of(Scan) == []
    assert "3 questions about 3 pictures wait now." in section(text, "queue")
    assert '<a href="/stats" aria-current="page">Stats</a>' in text and "/rules/suggest" not in text


def test_a_viewer_counts_step_by_step_what_the_other_console_counts_at_once(page: Counting) -> None:
    local = Page(3).start()
    for queue in (page.queue, local.queue):
        items = queue.fakes.store.items
        corrected(type("", (), {"queue": queue})(), next(iter(items)), "Guitar", "remove")
    text, steps = page.send().text, 1
    while 'id="go-on"' in text:
        assert len(page.ask.asked_of(Scan)) == steps and "assets read." in words(text) and "go_on.js" in text
        text, steps = page.send(counted=sealed(text)).text, steps + 1
    assert steps == SEGMENTS and "go_on.js" not in text
    whole = count(local)
    for name in SECTIONS:
        assert section(text, name) == section(whole, name).replace("What they say about the thresholds ", ""), name
    assert "3 assets" in words(text) and 'id="cost"' in text


def test_another_process_counts_on(page: Counting) -> None:
    text = page.send().text
    while 'id="go-on"' in text:
        page.browser = page.in_another_process(page.browser)
        text = page.send(counted=sealed(text)).text
    assert "3 assets" in words(text) and len(page.ask.asked_of(Scan)) == SEGMENTS


def test_another_label_is_drawn_without_reading_anything(page: Counting) -> None:
    text = page.counted()
    page.ask.asked.clear()
    label = re.findall(r'<option value="([^"]+)">', text)[-1]
    again = page.send(counted=sealed(text), label=label.upper()).text
    assert f'aria-label="{label} by confidence.' in again and page.ask.asked_of(Scan) == []
    assert "No asset has the label unheard" in words(page.send(counted=sealed(text), label="unheard").text)


def test_rules_that_change_between_two_steps_end_the_count(page: Counting) -> None:
    text = page.send().text
    active = {"version": "2" * 64, "seq": 2, "name": "new", "fault": None, "text": "[defaults]\nthreshold = 0.2\n"}
    page.ask.answers[ShowRules] = json.dumps({"active": active}).encode()
    page.browser = page.in_another_process(page.browser)
    answer = page.send(counted=sealed(text))
    assert answer.status_code == 409 and "The rules have changed since the count began" in words(answer.text)


def test_a_step_that_fails_loses_nothing(page: Counting) -> None:
    first = page.send().text
    page.ask.fails[Scan] = Retryable("the table is down")
    failed = page.send(counted=sealed(first))
    assert failed.status_code == 503 and "The table is down." in words(failed.text)
    assert "go_on.js" not in failed.text
    del page.ask.fails[Scan]
    text = failed.text
    while 'id="go-on"' in text:
        text = page.send(counted=sealed(text)).text
    assert "3 assets" in words(text)


def test_numbers_that_were_changed_or_sealed_for_something_else_are_refused(page: Counting) -> None:
    good = sealed(page.counted())
    _, other = page.app.state.sealer.seal("plan", page.callers[-1], 1, lambda kept: 1, 0)
    for bad in ("x", good[:-1], other):
        answer = page.send(counted=bad)
        assert answer.status_code == 409 and "make it again" in words(answer.text)


def test_statistics_of_many_names_fit_into_a_form_and_keep_the_most_frequent() -> None:
    partial = begin_count(Ruleset(parse_rules("[defaults]\nthreshold = 0.5\n", "rules")), 1_800_000_000_000)
    partial.counts.assets = 1_000_000
    for n in range(6000):
        partial.counts.tags[f"tag {n}"] = 10_000 - n
        partial.spread.confidences[f"Label {n}"] = array(
            "Q", [(n * 7919 + step * 104_729) % 90_000 for step in range(STEPS)]
        )
        partial.spread.corrections[f"label {n}"] = Corrections(n, n)
    sealer, ada = Sealer(b"k" * 32, lambda: 1_800_000_000), "ada"
    whole = shortened_count(partial, names_in(partial))
    cut, text = sealer.seal("count", ada, whole, lambda kept: shortened_count(partial, kept), names_in(partial))
    assert len(text) <= LONGEST and cut.cut and not whole.cut
    opened = sealer.open("count", ada, text, type(partial))
    assert opened.counts.assets == 1_000_000 and opened.spread == cut.spread
    assert opened.counts.tags.most_common(25) == partial.counts.tags.most_common(25)
    assert opened.spread.frequent_labels()[:100] == partial.spread.frequent_labels()[:100]
    assert opened.spread.corrections["label 5999"] == Corrections(5999, 5999)
