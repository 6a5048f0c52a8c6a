"""What other rules would change, as the workbench shows it: numbers, pictures, and the text with other bars."""

import html
import re
from typing import Any

import pytest
from msgspec.structs import replace

from autotag.domain.model.asset import Facts
from autotag.service.operations.api import Show
from tests.unit.autotag_console.whatif.exported_library import ACTIVE, Workbench, asset, judged, workbench
from tests.unit.autotag_library.libraries import columns_of


def numbers(answer: Any) -> dict[str, list[str]]:
    """Return what the table says: for each tag, gained, lost, new questions, questions gone."""
    table = answer["effect"].replace("\N{MINUS SIGN}", "-")
    rows = re.findall(r"<tr(?: class=\"total\"| data-tag=\"[^\"]*\")>(.*?)</tr>", table, re.S)
    found = {}
    for row in rows:
        tag, *cells = (re.sub(r"<[^>]*>", "", each).strip() for each in re.findall(r"<t[hd].*?</t[hd]>", row, re.S))
        found[tag] = cells
    return found


def address(answer: Any, tag: str, direction: str) -> str:
    found = re.search(
        rf'data-tag="{tag}".*?href="([^"]*)" data-pictures data-direction="{direction}"', answer["effect"], re.S
    )
    assert found is not None
    return html.unescape(found[1])


GUITARS = [asset(1, Guitar=0.9), asset(2, Guitar=0.75, Drum=0.6), asset(3, Guitar=0.6), asset(4, Guitar=0.4)]


def test_a_moved_threshold_says_which_tags_and_questions_come_and_go() -> None:
    with workbench(GUITARS) as page:
        answer = page.asks(text=ACTIVE, label="Guitar", threshold=0.55)

    assert answer["text"] == f"{ACTIVE}\n[labels.Guitar]\nthreshold = 0.55\n"
    assert answer["bars"] == {"threshold": 0.55, "default_threshold": 0.7, "review": 0.5}
    assert "Tags change on 1 picture of 4 (25.0%)." in answer["effect"] and answer["exact"]
    assert numbers(answer) == {"All tags": ["+1", "0", "0", "-1"], "Guitar": ["+1", "0", "0", "-1"]}


def test_a_higher_review_bar_takes_questions_away_and_no_tag() -> None:
    with workbench(GUITARS) as page:
        answer = page.asks(text=ACTIVE, review=0.65)

    assert "review = 0.65\n" in answer["text"] and "# as agreed" in answer["text"]
    assert "Tags change on 0 pictures" in answer["effect"]
    assert numbers(answer)["All tags"] == ["0", "0", "0", "-2"]


def test_the_threshold_of_all_other_labels_moves_them_together() -> None:
    with workbench(GUITARS) as page:
        answer = page.asks(text=ACTIVE, default_threshold=0.6)

    assert numbers(answer) == {
        "All tags": ["+2", "0", "0", "-2"], "Drum": ["+1", "0", "0", "-1"], "Guitar": ["+1", "0", "0", "-1"],
    }  # fmt: skip


ASKS_FOR_METADATA = f'{ACTIVE}\n[[when]]\nmetadata = {{ licence = "press" }}\nadd = ["free"]\n'


@pytest.mark.parametrize("exact", [True, False])
def test_rules_that_ask_for_metadata_say_how_many_pictures_were_never_seen_with_it(exact: bool) -> None:
    unseen = [replace(each, facts=Facts("stage", "jpg", {}, (), 1)) for each in GUITARS[1:]]
    with workbench([GUITARS[0], *unseen], sample=2) as page:
        asks, does_not = page.asks(text=ASKS_FOR_METADATA, exact=exact), page.asks(text=ACTIVE, exact=exact)

    assert "3 pictures were never seen with metadata, which the rules ask for" in asks["effect"]
    assert "metadata" not in does_not["effect"]


def test_rules_that_ask_for_metadata_that_all_pictures_have_say_nothing_of_it() -> None:
    with workbench(GUITARS) as page:
        assert "never seen" not in page.asks(text=ASKS_FOR_METADATA)["effect"]


def test_the_pictures_of_a_number_are_those_that_change_and_no_others() -> None:
    with workbench(GUITARS) as page:
        answer = page.asks(text=ACTIVE, label="Guitar", threshold=0.8)
        shown = page.get(address(answer, "Guitar", "lost")).text

    assert re.findall(r'href="/asset/(\w+)"', shown) == ["a2"]
    assert "1 picture loses" in re.sub(r"\s+", " ", shown) and "Guitar 0.75" in shown
    assert "/image/upload/" in shown


def test_pictures_are_of_the_cloud_of_the_stack_which_is_asked_for_once() -> None:
    with workbench(GUITARS) as page:
        page.queue.reviews.cloud = "another"
        page.ask.answers[Show] = page.ask(Show("a0"))
        changes = address(page.asks(text=ACTIVE, label="Guitar", threshold=0.8), "Guitar", "lost")
        del page.ask.asked[:]
        shown = [page.get(changes).text for _ in range(2)]

    assert ["/another/image/upload/" in each for each in shown] == [True, True]
    assert len(page.ask.asked_of(Show)) == 1


def test_a_picture_that_does_not_load_gets_its_reason_by_a_script() -> None:
    with workbench(GUITARS) as page:
        pictures = page.get(address(page.asks(text=ACTIVE, label="Guitar", threshold=0.8), "Guitar", "lost")).text
        editor = page.get("/rules/edit").text

    assert "data-picture" in pictures and "/pictures.js" in pictures and "/pictures.js" in editor


def test_a_label_that_was_taken_over_stands_in_the_field_and_without_one_its_bar_is_not_known() -> None:
    with workbench(GUITARS) as page:
        assert 'placeholder="such as Guitar" value="Guitar"' in page.get("/rules/edit?label=Guitar&threshold=0.6").text
        assert page.asks(text=ACTIVE)["bars"] == {"threshold": None, "default_threshold": 0.7, "review": 0.5}


def test_pictures_come_in_pages_of_forty() -> None:
    with workbench([asset(n, Guitar=0.6) for n in range(50)]) as page:
        first = address(page.asks(text=ACTIVE, default_threshold=0.6), "Guitar", "gained")
        following = re.search(r'id="next-pictures" href="([^"]*)"', page.get(first).text)
        assert following is not None
        rest = page.get(html.unescape(following[1])).text

    assert len(re.findall(r'class="cell"', rest)) == 10 and "next-pictures" not in rest


def test_a_sample_answers_about_all_assets_and_is_called_an_estimate() -> None:
    with workbench([asset(n, Guitar=0.6 if n % 2 else 0.5) for n in range(99)], sample=10) as page:
        answer = page.asks(text=ACTIVE, default_threshold=0.6, exact=False)
        exact = page.asks(text=ACTIVE, default_threshold=0.6)

    assert "About: Tags change on" in answer["effect"] and not answer["exact"]
    assert 20 <= int(numbers(answer)["Guitar"][0].removeprefix("+")) <= 80
    assert numbers(exact)["Guitar"][0] == "+49"


def test_a_bar_that_a_block_sets_to_another_value_is_said() -> None:
    block = f'{ACTIVE}\n[[when]]\nname = "ask"\nset = {{ review = 0.6 }}\n'
    with workbench(GUITARS) as page:
        overruled = page.asks(text=block, review=0.4)
        others = [page.asks(text=block, default_threshold=0.8), page.asks(text=ACTIVE, review=0.4)]

    assert "review = 0.4" in overruled["text"] and overruled["bars"]["review"] == 0.6
    assert overruled["overruled"] == (
        "It stands in the text, but a block [[when]] sets another value, which counts: 0.60."
    )
    assert [each["overruled"] for each in others] == ["", ""]


def test_rules_with_a_fault_are_refused_with_the_place() -> None:
    with workbench(GUITARS) as page:
        answer = page.answer(text="[defaults]\nthreshold = 7\n")

    assert answer.status_code == 400 and "defaults.threshold" in answer.json()["error"]["message"]


def test_active_rules_that_cannot_be_read_are_said() -> None:
    with columns_of(GUITARS) as file:
        answer = Workbench(file, "nonsense").answer(text=ACTIVE)

    assert answer.status_code == 400


def test_pictures_of_an_answer_that_is_not_kept_any_more_are_not_found() -> None:
    with workbench(GUITARS) as page:
        answer = page.get("/rules/whatif/pictures?key=0&tag=guitar&direction=lost")

    assert answer.status_code == 404 and "too long ago" in answer.text


def test_while_the_export_is_read_the_answer_says_so() -> None:
    with columns_of(GUITARS) as file:
        page = Workbench(file)
        assert page.asks(text=ACTIVE)["reading"]
        page.opened.wait()
        assert page.asks(text=ACTIVE)["exact"]


def test_an_export_that_cannot_be_read_is_said() -> None:
    with columns_of(GUITARS) as file:
        whole = file.read_bytes()
        file.write_bytes(whole[: len(whole) // 2])
        page = Workbench(file)
        page.asks(text=ACTIVE)
        page.opened.wait()
        broken = page.answer(text=ACTIVE)

    assert broken.status_code == 503 and "The export cannot be read" in broken.json()["error"]["message"]


def test_a_push_is_confirmed_with_what_it_changes() -> None:
    text = f"{ACTIVE}\n[labels.Guitar]\nthreshold = 0.55\n"
    with workbench(GUITARS) as page:
        shown = page.post_form("/rules/edit/confirm", text=text, seq="3").text

    assert 'id="effect"' in shown and numbers({"effect": shown})["Guitar"] == ["+1", "0", "0", "-1"]


def test_another_export_in_place_of_the_file_is_not_mixed_with_the_one_that_was_read() -> None:
    with workbench(GUITARS) as page, columns_of(GUITARS[2:]) as newer:
        before = page.asks(text=ACTIVE, label="Guitar", threshold=0.8)
        newer.replace(page.file.path)
        assert page.answer(text=ACTIVE).status_code == 409
        shown = page.get(address(before, "Guitar", "lost"))

    assert shown.status_code == 409 and "is another file now" in shown.text


def test_a_provider_that_only_the_new_rules_use_is_read_too() -> None:
    with workbench(GUITARS) as page:
        other = f'{ACTIVE}providers = ["google_tagging"]\n'
        assert page.asks(text=other)["reading"]
        page.opened.wait()
        answer = page.asks(text=other)

    assert "4 pictures without labels that the rules could use." in answer["effect"]


def test_the_histogram_of_a_label_marks_what_people_added_and_removed() -> None:
    assets = [judged(GUITARS[0], "guitar", added=True), judged(GUITARS[1], "guitar", added=False), *GUITARS[2:]]
    with workbench(assets) as page:
        shown = page.get("/rules/histogram?label=Guitar").text

    assert "0.90 to 0.95: 1 picture, 1 judged right, 0 wrong" in shown
    assert "0.75 to 0.80: 1 picture, 0 judged right, 1 wrong" in shown
    assert "0.40 to 0.45: 1 picture;" in shown


def test_a_label_that_no_picture_has_is_said() -> None:
    with workbench(GUITARS) as page:
        assert "No picture of the export has a label" in page.get("/rules/histogram?label=Harp").text


def test_names_of_labels_are_offered_those_that_begin_so_first() -> None:
    with workbench([asset(1, Guitar=0.9, Bass_Guitar=0.8, Drum=0.7)]) as page:
        assert page.get("/api/whatif/labels?begin=gui").json() == {"names": ["Guitar", "Bass Guitar"]}
        assert page.get("/api/whatif/labels?begin=").json() == {"names": []}


@pytest.mark.parametrize(
    "question", [{}, {"text": ACTIVE, "label": "Guitar", "threshold": 2}, {"text": ACTIVE, "x": 1}]
)
def test_a_question_of_another_form_is_refused(question: dict[str, Any]) -> None:
    with workbench(GUITARS) as page:
        assert page.answer(**question).status_code == 400
