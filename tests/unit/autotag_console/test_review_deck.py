"""The deck's page and its next questions: what is shown of the queue, and how names from outside are shown."""

import pytest

from autotag.service.review.queue import ReviewList
from autotag_console.answer_log import AnswerLog
from tests.unit.autotag_console.review_browser import DELIVERY, SECRET, Browser
from tests.unit.autotag_console.review_stack import ReviewStack, question, waiting


def deck_of(*assets: dict[str, object]) -> tuple[ReviewStack, Browser]:
    stack = ReviewStack()
    stack.queue = list(assets)
    return stack, Browser(stack)


def test_a_question_comes_with_its_picture_its_numbers_in_words_and_its_reason() -> None:
    _, browser = deck_of(waiting("a1", question("musician", 0.6778)))
    [asset] = browser.first_questions()["assets"]
    assert asset["deck"]["url"] == (
        "https://res.cloudinary.com/acme/image/upload/c_limit,w_900/f_auto,q_auto/v1791460800/stage/a1.jpg"
    )
    assert "w_1800" in asset["large"]["url"] and asset["version"] == 1791460800 and asset["tags"] == ["people"]
    [shown] = asset["questions"]
    assert shown["numbers"] == "0.6778 of the 0.70 it needs"
    assert shown["bar"] == "0.6778 of the 0.70 it needs; a person is asked from 0.55"
    assert shown["reason"].startswith("A person is asked about musician because Musician 0.6778 is below")
    assert (asset["alt"], shown["labels"], shown["place"]) == (
        "stage/a1: Musician",
        "Musician 0.6778",
        "defaults.review",
    )


def test_a_confidence_is_never_rounded_up_to_the_bar_that_it_misses() -> None:
    _, browser = deck_of(waiting("a1", question("musician", 0.69999)))
    [shown] = browser.first_questions()["assets"][0]["questions"]
    assert shown["numbers"] == "0.69999 of the 0.70 it needs" and "0.69999 is below the threshold" in shown["reason"]


def test_a_question_that_the_rules_no_longer_ask_says_so() -> None:
    moot = question("musician") | {"asked": False, "because": "under the active rules: kept, defaults.threshold"}
    bare = question("press") | {"asked": False, "labels": [], "threshold": None, "review": None, "because": "no label"}
    _, browser = deck_of(waiting("a1", moot, bare))
    first, second = browser.first_questions()["assets"][0]["questions"]
    assert first["reason"] == "Your rules no longer ask: under the active rules: kept, defaults.threshold."
    assert (second["numbers"], second["confidence"]) == ("No label gives this tag", None)


def test_the_deck_of_a_tag_asks_for_that_tag_and_says_how_many_wait() -> None:
    stack, browser = deck_of(waiting("a1", question("musician"), question("press")), waiting("a2", question("press")))
    page = browser.page("/review", tag="Press", folder="stage/**")
    [listed] = [each for each in stack.asked if isinstance(each, ReviewList)]
    assert (listed.tag, listed.folder) == ("Press", "stage/**")
    [deck] = page.with_attribute("data-total")
    assert (deck["data-total"], deck["data-tag"]) == ("2", "Press")
    assert [each["data-tag"] for each in page.with_attribute("aria-current") if "data-tag" in each] == ["press"]
    assert [each["data-tag"] for each in page.with_attribute("data-tag") if "href" in each] == ["", "musician", "press"]


def test_the_other_questions_about_a_picture_come_along_and_do_not_ask_by_themselves() -> None:
    _, browser = deck_of(waiting("a1", question("press"), question("musician")), waiting("a2", question("musician")))
    [asset] = browser.first_questions(tag="press")["assets"]
    assert [(each["tag"], each["extra"]) for each in asset["questions"]] == [("press", False), ("musician", True)]
    browser.post("/api/answers", {"decisions": [{"asset": "a1", "tag": "press", "verdict": "accept"}]})
    assert browser.first_questions(tag="press")["assets"] == []


def test_the_next_questions_come_as_json_with_the_cursor_behind_them() -> None:
    stack, browser = deck_of(*(waiting(f"a{n}", question("press")) for n in range(5)))
    stack.page = 2
    seen, page = [], browser.get("/api/review", tag="press").json()
    while page["assets"]:
        seen += [each["asset"] for each in page["assets"]]
        page = (
            browser.get("/api/review", tag="press", cursor=page["cursor"]).json() if page["cursor"] else {"assets": []}
        )
    assert seen == ["a0", "a1", "a2", "a3", "a4"]


def test_a_question_that_was_answered_a_moment_ago_is_not_asked_again_until_it_is_taken_back() -> None:
    _, browser = deck_of(waiting("a1", question("press"), question("musician")))
    decision = {"id": "n1", "asset": "a1", "tag": "press", "verdict": "accept", "version": 1791460800}
    browser.post("/api/answers", {"decisions": [decision]})
    [asset] = browser.first_questions()["assets"]
    assert [each["tag"] for each in asset["questions"]] == ["musician"]
    browser.post("/api/answers", {"decisions": [decision | {"id": "n2", "verdict": "undo", "of": "a1.1"}]})
    assert len(browser.first_questions()["assets"][0]["questions"]) == 2


def test_an_answer_that_was_not_carried_out_in_time_leaves_its_question_in_the_deck() -> None:
    _, browser = deck_of(waiting("a1", question("press")))
    now = [1_000_000]
    browser.app.state.answer_logs.replace("", AnswerLog(lambda: now[0]))
    browser.post("/api/answers", {"decisions": [{"asset": "a1", "tag": "press", "verdict": "accept"}]})
    assert browser.first_questions()["assets"] == []
    now[0] += 120_000
    assert len(browser.first_questions()["assets"]) == 1


def test_where_there_is_no_picture_the_question_stands_beside_the_reason() -> None:
    stack = ReviewStack()
    stack.queue = [waiting("a1", question("press"), ref={"type": "authenticated"})]
    browser = Browser(stack, type(DELIVERY)(DELIVERY.base, "acme"))
    [asset] = browser.first_questions()["assets"]
    assert asset["deck"]["url"] == "" and "no API secret of acme" in asset["deck"]["reason"] and asset["questions"]


def test_a_signed_picture_shows_the_signature_and_never_the_secret() -> None:
    _, browser = deck_of(waiting("a1", question("press"), ref={"type": "authenticated"}))
    text = browser.get("/review").text
    assert "/s--" in text and SECRET not in text


HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>x",
    '"><img src=x onerror=x>',
    "\u202egpj.exe",
    "a\x1b[2Jb",
    "{{7*7}}",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_text(name: str) -> None:
    _, browser = deck_of(waiting("a1", question(name, label=name), public_id=f"stage/{name}", current_tags=[name]))
    for path in ("/review", "/review/grid"):
        page = browser.page(path)
        scripts = [found for tag, found in page.all if tag == "script"]
        assert all(each.get("src") or each.get("type") == "application/json" for each in scripts)
        assert not [found for tag, found in page.all if tag == "img" and found.get("src") == "x"]
    [asset] = browser.first_questions()["assets"]
    shown = [asset["name"], asset["alt"], asset["questions"][0]["name"], *asset["tags"]]
    assert not [text for text in shown if "\u202e" in text or "\x1b" in text]
    assert asset["questions"][0]["tag"] == name  # what is sent back is the tag itself


@pytest.mark.parametrize("query", [{"cursor": "x y"}, {"tag": "x" * 256}, {"order": "random"}, {"folder": "x" * 1025}])
def test_an_address_that_makes_no_sense_gets_a_sentence(query: dict[str, str]) -> None:
    stack, browser = deck_of(waiting("a1", question("press")))
    stack.asked.clear()
    answer = browser.get("/api/review", **query)
    assert answer.status_code == 400 and answer.json()["error"]["message"].startswith("Address")
    assert not stack.asked


def test_tags_are_spelled_as_the_questions_spell_them() -> None:
    _, browser = deck_of(waiting("a1", question("Art Gallery")))
    assert "Art Gallery 1" in browser.page("/review").text
    assert "Art Gallery 1" in browser.page("/review/grid").text
    assert "Is this Art Gallery?" in browser.page("/review/grid", tag="art gallery").text
    assert browser.get("/api/tags").json()["rows"][1]["name"] == "Art Gallery"


def test_an_address_with_a_field_that_is_wrong_is_answered_with_the_name_of_the_field() -> None:
    _, browser = deck_of()
    answer = browser.get("/review", order="x")
    assert answer.status_code == 400 and "Address, order: Invalid enum value" in answer.text
    assert "the order &#39;confidence&#39; needs a tag" in browser.get("/review", order="confidence").text
