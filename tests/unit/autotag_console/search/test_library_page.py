"""The library page on the stack as it is now: what is found, why, how far it got, and what is wrong with a query."""

import re
from html import unescape
from typing import Any

import msgspec
import pytest

from autotag.domain.errors import Retryable
from autotag.service.operations.scan import Scan
from autotag.service.rules.publish import ShowRules
from autotag.service.worker import handle
from tests.fakes.samples import GUITARIST, person, resource
from tests.unit.autotag_cli.fake_review_queue import ASKS
from tests.unit.autotag_console.console_page import Page

ACTIVE = msgspec.json.encode(
    {"active": {"version": "1" * 64, "seq": 1, "name": "default", "fault": None, "text": ASKS}}
)


@pytest.fixture
def page() -> Page:
    page = Page(3).start()
    page.ask.answers[ShowRules] = ACTIVE
    return page


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", answer.text)))


def assets(answer: Any) -> list[str]:
    return re.findall(r'<li class="cell" data-asset="(.*?)">', answer.text)


def search(page: Page, **fields: str) -> Any:
    answer = page.browser.get("/library", params=fields)
    assert answer.status_code == 200, answer.text
    return answer


def test_nothing_is_looked_at_before_somebody_searches(page: Page) -> None:
    answer = search(page)
    assert "What can be written" in answer.text and assets(answer) == [] and page.ask.asked_of(Scan) == []
    assert '<a href="/library" aria-current="page">Library</a>' in answer.text


def test_each_result_has_its_tags_its_picture_and_a_reason_for_each_term(page: Page) -> None:
    answer = search(page, q='tag:guitar label:musician>0.5<0.7 folder:"**" outcome:review stage -tag:nothing')
    assert assets(answer) == ["a0", "a2"]
    said = words(answer)
    assert "2 pictures here. Looked at all 3 pictures of the stack." in said
    assert (
        "Guitar is a tag because its confidence 0.7046 reaches the 0.70 that the rules ask for. defaults.threshold"
        in said
    )
    assert '<a href="/rules#L2"><code>defaults.threshold</code></a>' in answer.text
    assert "Cloudinary found Musician with the confidence 0.5754, above 0.50 and below 0.70." in said
    assert "A person is asked about Musician because its confidence 0.5754 is below the threshold of 0.70" in said
    assert "Its public_id holds stage." in said and "It does not have the tag nothing." in said
    assert "/demo/image/upload/c_fill,g_auto,w_320,h_240/f_auto,q_auto/v100/stage/a0.jpg" in answer.text
    assert '<a href="/asset/a0"><bdi>stage/a0</bdi></a>' in answer.text


def test_what_people_did_is_found_with_its_day(page: Page) -> None:
    page.queue.given(resource("b1", GUITARIST))
    fakes = page.queue.fakes
    handle(fakes.deps, person("b1", at=fakes.clock.now() + 1000, removed=("Guitar",)), fakes.remaining)
    answer = search(page, q="removed:GUITAR")
    assert assets(answer) == ["b1"] and "A person removed Guitar on October 8, 2026" in words(answer)


def test_fields_search_like_text_and_stay_in_the_address_and_in_the_form(page: Page) -> None:
    answer = page.browser.get(
        "/library", params={"q": "", "label": "Musician", "from": "0.5", "to": "0.7", "folder": "", "person": ""}
    )
    assert str(answer.url).endswith("/library?label=Musician&from=0.5&to=0.7")
    assert assets(answer) == ["a0", "a1", "a2"]
    assert '<code id="written">label:Musician&gt;=0.5&lt;0.7</code>' in answer.text
    assert 'name="label" type="text"' in answer.text and 'value="Musician"' in answer.text
    assert "<details open>" in answer.text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"q": "tag:"}, "query, character 5: expected a tag after tag:."),
        ({"label": "a", "from": "70"}, "from: expected a confidence from 0 to 1, such as 0.7."),
    ],
)
def test_a_fault_is_one_sentence_beside_the_form_which_keeps_what_was_typed(
    page: Page, fields: dict[str, str], sentence: str
) -> None:
    answer = page.browser.get("/library", params=fields)
    assert answer.status_code == 400 and sentence in words(answer)
    assert all(f'value="{value}"' in answer.text for value in fields.values())
    assert page.ask.asked_of(Scan) == []


def test_pages_of_forty_lead_on_and_back_to_the_beginning(page: Page) -> None:
    for n in range(60):
        page.queue.given(resource(f"c{n:02}", {"Dog": 0.9}))
    first = search(page, q="tag:dog")
    assert len(assets(first)) == 40 and "From the beginning" not in first.text
    link = re.search(r'id="next" href="(.*?)">Next pictures<', first.text)
    assert link
    second = page.get(unescape(link[1]))
    assert sorted(assets(first) + assets(second)) == [f"c{n:02}" for n in range(60)]
    assert "20 pictures here. Looked at all 63 pictures of the stack." in words(second)
    assert 'id="again" href="/library?q=tag%3Adog"' in second.text and 'id="next"' not in second.text


def test_a_word_is_looked_for_in_names_and_a_link_looks_for_the_tag(page: Page) -> None:
    answer = search(page, q='guitar -stage "rock band" label:person', folder="zoo")
    expected = "/library?q=tag%3Aguitar+-stage+tag%3A%22rock+band%22+label%3Aperson&amp;folder=zoo"
    assert f'id="by-tags" href="{expected}"' in answer.text
    assert 'tag:guitar -stage tag:"rock band" label:person' in words(answer)
    assert 'id="by-tags"' not in search(page, q="tag:guitar -stage").text


def test_where_nothing_matches_it_says_what_to_try(page: Page) -> None:
    said = words(search(page, q="tag:unicorn"))
    assert "Looked at all 3 pictures of the stack." in said and "No picture matches. What may help:" in said


def test_pictures_are_of_the_cloud_of_the_stack(page: Page) -> None:
    page.queue.reviews.cloud = "another"
    assert "/another/image/upload/" in search(page, q="stage/a0").text


def test_a_stack_that_does_not_answer_is_said(page: Page) -> None:
    page.ask.fails[Scan] = Retryable("the stack does not answer")
    answer = page.browser.get("/library", params={"q": "a"})
    assert answer.status_code == 503 and "The stack does not answer." in answer.text


def test_names_from_outside_are_text(page: Page) -> None:
    page.queue.given(resource("x1", {"<b>Dog": 0.9}, public_id="<script>x"))
    answer = search(page, q='tag:"<b>Dog"', folder="**")
    assert assets(answer) == ["x1"] and "<script>x" not in answer.text and "<b>Dog" not in answer.text
