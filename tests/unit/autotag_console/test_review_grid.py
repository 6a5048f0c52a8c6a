"""The grid without scripts: a form, a question back before many answers, refusals with their reasons."""

from autotag.service.review.queue import ReviewList
from tests.unit.autotag_console.review_browser import Browser, Elements
from tests.unit.autotag_console.review_stack import ReviewStack, question, waiting

VERSION = "1791460800"


def grid_of(*confidences: float, threshold: float = 0.7) -> tuple[ReviewStack, Browser]:
    stack = ReviewStack()
    stack.queue = [waiting(f"a{n}", question("press", each, threshold)) for n, each in enumerate(confidences)]
    return stack, Browser(stack)


def cells(page: Elements) -> list[str | None]:
    return [each["data-asset"] for each in page.with_class("cell")]


def test_pictures_come_with_their_numbers_and_the_most_confident_first() -> None:
    stack, browser = grid_of(0.66, 0.6)
    page = browser.page("/review/grid", tag="press")
    [listed] = [each for each in stack.asked if isinstance(each, ReviewList)]
    assert (listed.tag, listed.order) == ("press", "confidence")
    assert cells(page) == ["a0", "a1"] and "0.66" in page.text and "0.60" in page.text
    assert all("c_fill,g_auto,w_320,h_240" in str(each["src"]) for each in page.with_attribute("data-picture"))


def test_the_threshold_is_a_line_between_what_reaches_it_and_what_does_not() -> None:
    _, browser = grid_of(0.8, 0.7, 0.69, 0.6)
    found = browser.page("/review/grid", tag="press").with_attribute("class")
    names = [each.get("data-asset", "line") for each in found if each["class"] in ("cell", "line")]
    assert names == ["a0", "a1", "line", "a2", "a3"]


def test_where_folders_have_thresholds_of_their_own_no_line_is_drawn_and_the_page_says_why() -> None:
    stack, browser = grid_of(0.6)
    stack.queue.append(waiting("b", question("press", 0.5, 0.8)))
    page = browser.page("/review/grid", tag="press")
    assert not page.with_class("line") and "not the same for all" in page.text


def test_the_next_page_follows_by_a_link_and_draws_no_second_line() -> None:
    stack, browser = grid_of(*(0.6 for _ in range(5)))
    stack.page = 3
    first = browser.page("/review/grid", tag="press")
    [link] = [found["href"] for _, found in first.all if found.get("id") == "next"]
    second = browser.page(str(link))
    assert (cells(first), cells(second)) == (["a0", "a1", "a2"], ["a3", "a4"])
    assert len(first.with_class("line")) == 1 and not second.with_class("line")


def test_select_all_at_or_above_checks_their_boxes() -> None:
    _, browser = grid_of(0.66, 0.6, 0.59)
    page = browser.page("/review/grid", tag="press", **{"from": "0.6"})
    assert [found["name"] for found in page.with_attribute("checked") if str(found.get("name")).startswith("pick")] == [
        "pick:a0", "pick:a1",
    ]  # fmt: skip
    assert browser.get("/review/grid", tag="press", **{"from": "much"}).status_code == 400


def test_a_form_answers_what_is_selected_and_leads_back_to_the_rest() -> None:
    stack, browser = grid_of(0.66, 0.6, 0.59)
    answer = browser.send("/review/grid", {"tag": "press", "verdict": "reject", "pick:a0": VERSION, "pick:a2": VERSION})
    assert [(each.asset, each.tag, each.verdict, each.version) for each in stack.decisions] == [
        ("a0", "press", "reject", 1791460800), ("a2", "press", "reject", 1791460800),
    ]  # fmt: skip
    assert answer.status_code == 200 and cells(Elements(answer.text)) == ["a1"]


def test_more_than_ten_answers_are_asked_back_once_with_their_number() -> None:
    stack, browser = grid_of(*(0.6 for _ in range(12)))
    fields = {"tag": "press", "verdict": "accept", **{f"pick:a{n}": VERSION for n in range(12)}}
    asked = browser.send("/review/grid", fields)
    assert "for 12 pictures?" in Elements(asked.text).text and not stack.decisions
    fields = {
        str(each["name"]): str(each["value"]) for each in Elements(asked.text).with_attribute("name") if "value" in each
    }
    browser.send("/review/grid", fields)
    assert len(stack.decisions) == 12


def test_ten_answers_are_not_asked_back() -> None:
    stack, browser = grid_of(*(0.6 for _ in range(12)))
    browser.send("/review/grid", {"tag": "press", "verdict": "accept", **{f"pick:a{n}": VERSION for n in range(10)}})
    assert len(stack.decisions) == 10


def test_refused_answers_stay_with_the_reason_under_the_picture() -> None:
    stack, browser = grid_of(0.66, 0.6)
    stack.refusals["a0", "press"] = "'stage/a0' was overwritten since"
    stack.refusals["a9", "press"] = "'stage/a9' was deleted"
    fields = {"tag": "press", "verdict": "accept", "pick:a0": VERSION, "pick:a1": VERSION, "pick:a9": VERSION}
    page = Elements(browser.send("/review/grid", fields).text)
    assert cells(page) == ["a0"] and "'stage/a0' was overwritten since" in page.text
    assert [each["data-refused"] for each in page.with_attribute("data-refused")] == ["a9"]
    assert "'stage/a9' was deleted" in page.text


def test_a_form_that_makes_no_sense_gets_a_sentence_and_answers_nothing() -> None:
    stack, browser = grid_of(0.6)
    for fields in ({"verdict": "perhaps"}, {"verdict": "accept", "pick:a0": "new"}, {}):
        assert browser.send("/review/grid", {"tag": "press", **fields}).status_code == 400
    assert browser.send("/review/grid", {"tag": "press", "verdict": "accept"}).status_code == 200
    assert not stack.decisions


def test_without_a_tag_the_grid_lists_the_tags() -> None:
    _, browser = grid_of(0.6, 0.6)
    page = browser.page("/review/grid")
    assert [each["data-tag"] for each in page.with_attribute("data-tag")] == ["press"]
