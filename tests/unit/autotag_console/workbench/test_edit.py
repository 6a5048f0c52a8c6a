"""The editor: the text of the rules with every fault that the command finds, and what can be typed."""

import re
from html import unescape
from pathlib import Path

import pytest
from msgspec.structs import replace

from autotag.domain.model.label_list import LabelList
from autotag.domain.model.labels import LabelRelations
from autotag.domain.rules.checks.known_labels import KnownLabels
from autotag.domain.rules.parse import MAX_BYTES
from autotag.domain.rules_text.check import check_text
from autotag_console.settings import LibraryFile
from tests.unit.autotag_console.console_page import SETTINGS
from tests.unit.autotag_console.workbench.editor_page import ACME, OTHER, Editor, seq_in, text_in, words

FAULTY = "[defaults]\nthresold = 0.5\ncase = 'uper'\n\n[[when]]\nfolder = 'a'\n"


@pytest.fixture
def editor() -> Editor:
    return Editor()


def faults(html: str) -> list[tuple[int, int, str]]:
    """Return line, column and sentence of each fault and warning on a page."""
    found = re.findall(r'data-line="(\d+)" data-column="(\d+)".*?class="sentence"><bdi>(.*?)</bdi>', html)
    return [(int(line), int(column), unescape(sentence)) for line, column, sentence in found]


def test_the_active_rules_are_opened_byte_by_byte(editor: Editor) -> None:
    answer = editor.get("/rules/edit")
    assert (answer.status_code, text_in(answer), seq_in(answer)) == (200, ACME, "1")
    assert 'data-valid="true"' in answer.text and "Valid: rules acme, version" in words(answer)


def test_a_text_that_begins_with_a_blank_line_keeps_it(editor: Editor) -> None:
    editor.store.push("\n\n" + OTHER)
    assert text_in(editor.get("/rules/edit")) == "\n\n" + OTHER


@pytest.mark.parametrize("text", [FAULTY, "name = \n", "a = [", "[[when]]\nname = 'x'\n", OTHER, "# nothing\n"])
def test_a_script_and_a_form_get_the_faults_of_the_command(editor: Editor, text: str) -> None:
    expected = [(at.line, at.column, each.sentence) for at, each in check_text(text).diagnostics]
    assert faults(editor.script("/rules/check", {"text": text}).text) == expected
    sent = editor.post_form("/rules/edit", text=text.replace("\n", "\r\n"), seq="1")
    assert faults(sent.text) == expected and text_in(sent) == text and seq_in(sent) == "1"


def test_a_misspelled_key_has_its_line_and_what_was_meant(editor: Editor) -> None:
    answer = editor.script("/rules/check", {"text": FAULTY})
    assert (2, 1) in {(line, column) for line, column, _ in faults(answer.text)}
    assert "did you mean threshold?" in words(answer) and 'data-valid="false"' in answer.text


def test_a_warning_stops_no_push(editor: Editor) -> None:
    answer = editor.script("/rules/check", {"text": "[[when]]\nfolder = 'a'\n"})
    assert 'data-valid="true"' in answer.text and "1 warning" in words(answer)


def test_the_longest_rules_are_checked_and_longer_ones_are_a_fault(editor: Editor) -> None:
    longest = "#" + "é" * (MAX_BYTES // 2 - 1) + "\n"
    assert 'data-valid="true"' in editor.script("/rules/check", {"text": longest}).text
    assert text_in(editor.post_form("/rules/edit", text=longest, seq="1")) == longest
    longer = editor.script("/rules/check", {"text": f"{longest}##"})
    assert f"found {MAX_BYTES + 2} bytes, expected at most {MAX_BYTES}" in words(longer)
    assert editor.script("/rules/check", b'{"text": "' + b"#" * 4 * MAX_BYTES + b'"}').status_code == 413


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"text": 1}', b"{}"])
def test_another_body_is_one_sentence(editor: Editor, body: bytes) -> None:
    assert editor.script("/rules/check", body).status_code == 400
    assert editor.script("/rules/complete", body).status_code == 400


def test_keys_and_known_labels_are_offered(editor: Editor) -> None:
    offer = editor.script("/rules/complete", {"before": "[defaults]\nthr", "after": "eshold = 0.5"}).json()
    assert (offer["typed"], offer["rest"]) == ("thr", "eshold")
    assert offer["options"] == [
        {"name": "threshold", "insert": "threshold", "about": "The lowest confidence at which a label becomes a tag."}
    ]
    labels = editor.script("/rules/complete", {"before": "[labels."}).json()["options"]
    assert [each["insert"] for each in labels] == ['"Electric Guitar"]']


def test_labels_of_the_library_are_offered_where_there_is_one(editor: Editor) -> None:
    editor.app.state.label_names = lambda: ["Dog", "electric guitar"]
    labels = editor.script("/rules/complete", {"before": "[labels."}).json()["options"]
    assert [each["name"] for each in labels] == ["Dog", "Electric Guitar"]


def test_rules_that_cannot_be_read_hide_no_other_label(editor: Editor) -> None:
    editor.store.push_broken()
    editor.app.state.label_names = lambda: ["Dog"]
    labels = editor.script("/rules/complete", {"before": "[labels."}).json()["options"]
    assert [each["name"] for each in labels] == ["Dog"]


def test_a_suggestion_is_put_into_the_text_and_nowhere_else(editor: Editor) -> None:
    answer = editor.get("/rules/edit?label=electric+guitar&threshold=0.55")
    assert text_in(answer) == ACME.replace("0.6\n", "0.55\n")
    assert "Put into the text: the threshold of electric guitar is 0.55." in words(answer)
    assert editor.active == ACME and editor.pushes == []
    assert "review = 0.5" in text_in(editor.get("/rules/edit?review=0.5"))
    assert 'deny = ["Human"]' in text_in(editor.get("/rules/edit?label=Human&deny=1"))


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("label=Dog&review=0.5", "only [defaults] and [[when]] have a review bar"),
        ("review=0.9", "the text with this change is not valid"),
    ],
)
def test_a_change_that_cannot_be_made_leaves_the_text_and_says_why(editor: Editor, query: str, sentence: str) -> None:
    answer = editor.get(f"/rules/edit?{query}")
    assert text_in(answer) == ACME and sentence in words(answer)


@pytest.mark.parametrize("query", ["threshold=2", "threshold=x", "version=..%2Fx", "nosuch=1&threshold=nan"])
def test_an_address_with_anything_else_is_one_sentence(editor: Editor, query: str) -> None:
    assert editor.get(f"/rules/edit?{query}").status_code == 400


def test_the_place_of_the_library_is_there_only_with_a_library(editor: Editor) -> None:
    assert 'id="whatif"' not in editor.get("/rules/edit").text
    library = LibraryFile(Path("library.parquet"), "2026-10-08T12:00:00Z")
    assert 'id="whatif"' in Editor(replace(SETTINGS, library=library)).get("/rules/edit").text


LISTED = LabelList("3.0", "list.zip", {"Guitar": LabelRelations(), "Person": LabelRelations(aliases=("Human",))})
UNKNOWN = "[labels.Guitarr]\nthreshold = 0.5\n[labels.Human]\nthreshold = 0.5\n"


def test_labels_that_neither_the_library_nor_a_list_has_get_the_warning_of_the_command() -> None:
    editor = Editor(replace(SETTINGS, seen=("Oboe",), listed=LISTED))
    editor.app.state.label_names = lambda: ("Lute",)
    for text in (UNKNOWN, "[defaults]\ndeny = ['Obo', 'Lute', 'Lutes']\n"):
        known = KnownLabels(("Oboe", "Lute"), LISTED)
        expected = [(at.line, at.column, each.sentence) for at, each in check_text(text, known).diagnostics]
        assert len(expected) == 2 and 'data-valid="true"' in editor.script("/rules/check", {"text": text}).text
        assert faults(editor.script("/rules/check", {"text": text}).text) == expected
        assert faults(editor.post_form("/rules/edit", text=text, seq="1").text) == expected


def test_a_library_that_is_read_later_is_known_from_then_on_and_without_one_nothing_is_said(editor: Editor) -> None:
    def warned() -> bool:
        return "did you mean" in words(editor.script("/rules/check", {"text": UNKNOWN}))

    read: list[tuple[str, ...]] = [()]
    editor.app.state.label_names = lambda: read[-1]
    assert not warned()
    read.append(("Guitar",))
    assert warned()
