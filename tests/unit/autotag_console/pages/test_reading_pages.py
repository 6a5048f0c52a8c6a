"""The pages that are only read: rules, runs, health."""

import json
import re
from html import unescape
from typing import Any

import pytest

from autotag.domain.errors import Retryable
from autotag.domain.model.health import Depth, LastAudit, Opened
from autotag.service.operations.health import Health
from autotag.service.review.summary import ReviewSummary
from autotag.service.rules.publish import ShowRules
from autotag_cli.doctor.report import report
from tests.unit.autotag_cli.doctor.doctor_facts import HEALTH, WELL
from tests.unit.autotag_console.console_page import Page
from tests.unit.autotag_console.pages.test_start_page import run, text_of

RULES = 'name = "acme"\n\n[defaults]\n\tthreshold = 0.6 # <b>&amp;\u202e\n'


@pytest.fixture
def page() -> Page:
    return Page(1).start()


def test_each_line_of_the_rules_has_an_address(page: Page) -> None:
    page.ask.answers[ShowRules] = rules(text=RULES)
    lines = re.findall(r'<li id="L(\d+)"><code>(.*?)</code></li>', page.get("/rules").text)
    assert [(int(number), unescape(line)) for number, line in lines] == [
        (1, 'name = "acme"'),
        (2, ""),
        (3, "[defaults]"),
        (4, "    threshold = 0.6 # <b>&amp;⟨U+202E⟩"),
    ]


def test_who_pushed_the_rules_is_said(page: Page) -> None:
    page.ask.answers[ShowRules] = rules(text=RULES, seq=3, pushed_by="ada", pushed_at="2026-03-03T14:02:00.000Z")
    assert "number 3, pushed March 3, 2026 at 14:02 UTC by ada." in text_of(page, "/rules")


def test_rules_that_cannot_be_read_are_a_sentence(page: Page) -> None:
    page.ask.answers[ShowRules] = rules(name=None, seq=4, fault="line 3: expected a number")
    assert "Number 4 cannot be read: line 3: expected a number." in text_of(page, "/rules")


def test_runs_are_shown_with_their_progress_those_under_way_first(page: Page) -> None:
    page.queue.ops.runs.create(run(2, status="done", action="backfill"))
    page.queue.ops.runs.create(run(1, status="paused"))
    shown = page.get("/runs").text
    assert re.findall(r'<h2><a href="/runs/\w{32}">(\w+)', shown) == ["Retag", "Backfill"]
    assert '<progress aria-label="Changed assets" max="1500" value="600">' in shown
    assert "2,000 assets looked at, not all yet; 1,500 to change, 600 changed, 2 failed." in text_of(page, "/runs")


def test_no_run_yet(page: Page) -> None:
    assert "No run was started yet." in text_of(page, "/runs")


def test_a_well_service_is_well_in_every_line(page: Page) -> None:
    page.queue.ops.probes.audit = LastAudit("a0.1", "2026-10-08T11:59:00.000Z", "tagged")
    text = text_of(page, "/health")
    assert text.count("Well:") == 8 and "Look at it" not in text and "Wrong" not in text
    assert "Review Well: 1 question about 1 asset waits" in text
    line = page.get("/api/health").json()
    assert line["state"] == "ok" and re.fullmatch(r"All is well. The last decision was \d+ \w+ ago.", line["finding"])


def test_each_line_says_in_plain_words_what_it_is_about(page: Page) -> None:
    page.ask.answers[Health] = FAULTY
    meanings = re.findall(r'<p class="meaning quiet">(.*?)</p>', page.get("/health").text)
    assert len(meanings) == 8 and all(meanings) and len(set(meanings)) == 8


def test_what_is_wrong_is_said_with_what_to_do(page: Page) -> None:
    probes = page.queue.ops.probes
    probes.queues["live_dead"] = Depth(3, 1)
    probes.open = Opened(1_791_460_900_000, "401 Unauthorized")
    text = text_of(page, "/health")
    assert "Wrong: messages that could not be handled: 4 of the live queue" in text
    assert "What to do: fix the cause (docs/operations.md), then the command that autotag doctor prints" in text
    assert "401 Unauthorized What to do: autotag setup" in text
    line = page.get("/api/health").json()
    assert line["state"] == "fail" and line["finding"].endswith("2 more on the health page.")
    assert line["finding"].startswith("Dead letters: messages that could not be handled")


def test_the_command_says_the_same_of_the_same_answer(page: Page) -> None:
    page.ask.answers[Health] = FAULTY
    text = text_of(page, "/health")
    facts = WELL._replace(health=json.loads(FAULTY) | {"settings": HEALTH["settings"]}, option="")
    shared = [each for each in report(facts) if each.name in ("pending work", "breaker", "rules", "last audit")]
    assert len(shared) == 4 and all(f"{each.finding} What to do: {each.fix}" in text for each in shared if each.fix)
    assert all(each.finding in text for each in shared)


def test_a_sign_that_cannot_be_read_hides_no_other(page: Page) -> None:
    page.ask.answers[Health] = FAULTY
    text = text_of(page, "/health")
    assert "Queues Look at it: not known: the queue is down What to do: autotag doctor" in text
    assert "Wrong: the tag changes of asset a0 are overdue by 20 min" in text
    assert "12 calls of the service in this hour, no more until the next one: pending assets wait" in text
    assert "Wrong: number 2 cannot be read (gone); the rules deployed with the stack stay in use" in text
    assert "Well: 72 h ago: tagged, a" in text


def test_a_queue_that_cannot_be_counted_is_not_known(page: Page) -> None:
    page.ask.fails[ReviewSummary] = Retryable("the stack is busy")
    page.post_form("/health")
    assert "Review Look at it: not known: the stack is busy" in text_of(page, "/health")


def test_health_is_kept_for_a_minute_unless_somebody_checks_again(page: Page) -> None:
    for _ in range(2):
        page.get("/health")
    before = len(page.ask.asked_of(Health))
    assert page.post_form("/health").status_code == 200
    assert len(page.ask.asked_of(Health)) == before + 1
    page.get("/health")
    assert len(page.ask.asked_of(Health)) == before + 1


def test_what_the_console_cannot_check_is_said(page: Page) -> None:
    text = text_of(page, "/health")
    assert "What is not checked here" in text and "the secret with the credentials" in text


FAULTY = json.dumps(
    {
        "now": "2026-10-08T12:00:00.000Z",
        "settings": {},
        "due": {"intent": {"asset_id": "a0", "due_at": "2026-10-08T11:40:00.000Z"}, "poll": None, "hint": None},
        "queues": None,
        "budget": {"used": 12, "closed": True, "hints": 0},
        "breaker": None,
        "rules": {"active": {"seq": 2, "name": "acme", "fault": "gone"}, "last_good": None},
        "last_audit": {"audit_id": "a", "at": "2026-10-05T12:00:00.000Z", "outcome": "tagged"},
        "faults": {"queues": "the queue is down"},
    }
).encode()


def rules(**active: Any) -> bytes:
    """Return the ops function's answer about rules."""
    described = {"version": "c0ffee", "seq": 0, "name": "acme", "fault": None} | active
    return json.dumps({"active": described, "last_good": None}).encode()
