"""The pages that are only read: rules, runs, health."""

import json
import re
from html import unescape
from typing import Any

import pytest

from autotag.domain.model.health import Depth, LastAudit, Opened
from autotag.service.operations.health import Health
from autotag.service.rules.publish import ShowRules
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
    assert text.count("Well:") == 7 and "Look at it" not in text and "Wrong" not in text
    assert page.get("/api/health").json()["state"] == "ok"


def test_what_is_wrong_is_said_with_what_to_do(page: Page) -> None:
    probes = page.queue.ops.probes
    probes.queues["live_dead"] = Depth(3, 1)
    probes.open = Opened(1_791_460_900_000, "401 Unauthorized")
    text = text_of(page, "/health")
    assert "Wrong: 4 messages could not be handled. What to do: autotag doctor" in text
    assert "401 Unauthorized. What to do: autotag setup" in text
    line = page.get("/api/health").json()
    assert line["state"] == "fail" and line["finding"].endswith("2 more on the health page.")


def test_a_sign_that_cannot_be_read_hides_no_other(page: Page) -> None:
    page.ask.answers[Health] = json.dumps(
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
    text = text_of(page, "/health")
    assert "Queues Look at it: It cannot be read: the queue is down." in text
    assert "Wrong: Overdue: the tag changes of a0 by 20 min." in text
    assert "12 calls in this hour. No more until the next hour." in text
    assert "Wrong: Number 2 cannot be read: gone." in text
    assert "Well: 3 days ago." in text


def rules(**active: Any) -> bytes:
    """Return the ops function's answer about rules."""
    described = {"version": "c0ffee", "seq": 0, "name": "acme", "fault": None} | active
    return json.dumps({"active": described, "last_good": None}).encode()
