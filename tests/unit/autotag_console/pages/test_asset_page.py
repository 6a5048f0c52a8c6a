"""The page of an asset: its picture, its tags by who set them, why, what happened, and answers to take back."""

import json
import re
from html import unescape

import pytest

from autotag.domain.errors import Missing, Retryable
from autotag.domain.model.messages import ReviewAnswered
from autotag.service.operations.api import Show
from autotag.service.operations.replay import Replay
from autotag.service.rules.publish import ShowRules
from autotag.service.worker import handle
from autotag_console.ask import Denied
from tests.fakes.samples import GUITARIST, person, resource
from tests.unit.autotag_console.console_page import Page

OWNED = r'<dt>(.*?)</dt><dd><span class="tag"><bdi>(.*?)</bdi></span> </dd>'
UNDO = r'value="undo">\s*<input[^>]*>\s*<input[^>]*>\s*<input[^>]*name="of" value="(.*?)"'


@pytest.fixture
def page() -> Page:
    return Page(1).start()


def words(page: Page, path: str = "/asset/a0") -> str:
    """Return the text of a page, without its markup."""
    answer = page.get(path)
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", answer.text)))


def carried_out(page: Page) -> None:
    """Let workers carry out what was answered."""
    page.queue.sleep(1)


def test_it_says_why_each_tag_is_there(page: Page) -> None:
    text = words(page)
    assert "autotag added Guitar on October 8, 2026 at 12:00 UTC because its confidence 0.7046 reaches the 0.70" in text
    assert "A person is asked about Musician because its confidence 0.5754 is below the threshold of 0.70" in text


@pytest.mark.parametrize("name", ["a0", "stage/a0", "stage%2Fa0"])
def test_an_asset_is_found_by_its_id_and_its_name(page: Page, name: str) -> None:
    assert "stage/a0" in words(page, f"/asset/{name}")


def test_the_picture_is_the_version_that_was_decided_on(page: Page) -> None:
    assert "/demo/image/upload/c_limit,w_900/f_auto,q_auto/v100/stage/a0.jpg" in page.get("/asset/a0").text


def test_a_picture_that_cannot_be_shown_has_a_reason(page: Page) -> None:
    page.queue.given(resource("a7", GUITARIST) | {"resource_type": "raw"})
    text = page.get("/asset/a7").text
    assert "This is a raw file" in text and "<img" not in text


def test_tags_are_shown_by_who_set_them(page: Page) -> None:
    page.queue.given(resource("a7", GUITARIST, tags=("press",)))
    change = person("a7", added=("stage",), removed=("People",), at=page.queue.fakes.clock.now())
    handle(page.queue.fakes.deps, change, page.queue.fakes.remaining)
    shown = re.findall(OWNED, page.get("/asset/a7").text)

    assert shown == [("autotag", "Guitar"), ("People", "stage"), ("There before", "press")]
    assert "A person removed People on" in words(page, "/asset/a7")


def test_an_answer_is_sent_once_and_recorded(page: Page) -> None:
    shown = page.post_form("/asset/a0/answer", verdict="accept", tag="Musician", version="100", of="")
    assert shown.status_code == 200 and "Your answer is on its way" in shown.text
    (sent,) = page.queue.reviews.sent
    assert isinstance(sent, ReviewAnswered) and sent.accept == ("Musician",)
    carried_out(page)
    assert "Musician" in page.queue.tags("a0")
    assert "accepted Musician" in words(page)


def test_an_answer_is_taken_back_from_the_history(page: Page) -> None:
    page.post_form("/asset/a0/answer", verdict="accept", tag="Musician", version="100", of="")
    carried_out(page)
    (of,) = re.findall(UNDO, page.get("/asset/a0").text)

    page.post_form("/asset/a0/answer", verdict="undo", tag="Musician", version="100", of=of)
    carried_out(page)

    assert "Musician" not in page.queue.tags("a0")
    text = page.get("/asset/a0").text
    assert "It was taken back." in text and 'value="undo"' not in text
    assert 'aria-label="Accept Musician"' in text  # the question came back


def test_an_answer_that_cannot_be_taken_says_why(page: Page) -> None:
    refused = page.post_form("/asset/a0/answer", verdict="accept", tag="Zebra", version="100", of="")
    assert refused.status_code == 409
    (sentence,) = re.findall(r'<p role="alert">(.*?)</p>', refused.text)
    assert "Zebra" in sentence


@pytest.mark.parametrize(
    "fields",
    [
        {"verdict": "delete", "tag": "x", "version": "1"},
        {"verdict": "accept", "tag": "", "version": "1"},
        {"verdict": "accept", "tag": "x", "version": "-1"},
        {"verdict": "accept", "tag": "x", "version": "1" * 30},
        {"verdict": "undo", "tag": "x", "version": "1", "of": ""},
        {"verdict": "accept", "tag": "x" * 256, "version": "1"},
    ],
)
def test_a_form_that_makes_no_sense_is_a_sentence(page: Page, fields: dict[str, str]) -> None:
    assert page.post_form("/asset/a0/answer", **fields).status_code == 400
    assert page.queue.reviews.sent == []


def test_a_replay_says_whether_the_decision_comes_out_the_same(page: Page) -> None:
    (audit,) = page.queue.fakes.audits.records
    answer = {"audit_id": audit, "identical": True, "decided": True, "differences": [], "rules": {}}
    page.ask.answers[Replay] = json.dumps(answer).encode()
    assert "Decided again from the same labels and rules: the same." in words(page, f"/asset/a0?replay={audit}")


def test_a_rule_of_the_active_rules_leads_to_its_line(page: Page) -> None:
    (audit,) = page.queue.fakes.audits.records.values()
    text = "[defaults]\nthreshold = 0.7\nreview = 0.5\n"
    active = {"version": audit.rules.version, "seq": 1, "name": "acme", "fault": None, "text": text}
    page.ask.answers[ShowRules] = json.dumps({"active": active, "last_good": None}).encode()
    shown = page.get("/asset/a0").text
    assert '<a href="/rules#L2"><code>defaults.threshold</code></a>' in shown
    assert '<a href="/rules#L3"><code>defaults.review</code></a>' in shown
    assert '<li id="L2"><code>threshold = 0.7</code></li>' in page.get("/rules").text


def test_rules_that_were_replaced_have_no_line(page: Page) -> None:
    assert "/rules#L" not in page.get("/asset/a0").text


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (Missing("no asset 'x' was ever seen"), 404, "No asset &#39;x&#39; was ever seen."),
        (Denied("the policy Viewer gives it"), 403, "The policy Viewer gives it."),
        (Retryable("the table is down"), 503, "The table is down."),
        (RuntimeError("password=hunter2"), 500, "The console failed on this page."),
    ],
)
def test_an_error_is_a_page_with_one_sentence(page: Page, error: Exception, status: int, sentence: str) -> None:
    page.ask.fails[Show] = error
    answer = page.get("/asset/a0")
    assert answer.status_code == status
    (shown,) = re.findall(r'<p role="alert">(.*?)</p>', answer.text)
    assert shown.startswith(sentence) and "Traceback" not in answer.text and "hunter2" not in answer.text


def test_an_answer_of_another_version_is_a_sentence(page: Page) -> None:
    page.ask.answers[Show] = b'{"asset": 7}'
    answer = page.get("/asset/a0")
    assert answer.status_code == 502 and "use the console of the stack&#39;s own version" in answer.text


def test_a_question_at_random_is_marked_with_what_is_learned_and_what_an_answer_does(page: Page) -> None:
    page.queue.sampled("a0", "guitar")
    page.queue.sampled("a0", "Musician")
    said = words(page)
    assert said.count("Asked at random, to learn") == 2
    assert "how often Musician is right at 0.5754: your rules tag from 0.70. " in said
    assert (
        "how often Guitar is right at 0.7046: your rules tag from 0.70. The picture has the tag already: "
        "accept confirms it, reject removes it." in said
    )
    page.post_form("/asset/a0/answer", verdict="reject", tag="Guitar", version="100")
    carried_out(page)
    assert words(page).count("Asked at random, to learn") == 1 and "Guitar" not in page.queue.tags("a0")
