"""The push: seen before it is done, done once, and never over rules that were not seen."""

import pytest
from starlette.requests import Request

from autotag.domain.errors import Retryable
from autotag.service.rules.publish import PushRules
from autotag_console.workbench.effect_view import EffectView, TagNumbers, effect_view
from autotag_console.workbench.form import Draft
from tests.unit.autotag_console.workbench.editor_page import ACME, OTHER, Editor, seq_in, text_in, words

AT = "2026-11-29T09:14:00Z"
NEW = ACME.replace("0.6\n", "0.65\n")


@pytest.fixture
def editor() -> Editor:
    return Editor()


def test_the_differences_are_marked_by_sign_and_word_before_the_push(editor: Editor) -> None:
    answer = editor.post_form("/rules/edit/confirm", text=NEW, seq="1")
    assert answer.status_code == 200 and text_in(answer) == NEW and seq_in(answer) == "1"
    assert "7- removedthreshold = 0.6 7+ addedthreshold = 0.65" in words(answer)
    assert editor.pushes == [] and editor.active == ACME


def test_a_push_replaces_what_was_read_and_leads_to_the_run(editor: Editor) -> None:
    assert "acme" in editor.get("/rules").text
    answer = editor.post_form("/rules/push", text=NEW.replace("\n", "\r\n"), seq="1")
    assert editor.pushes == [PushRules(NEW, 1)] and editor.active == NEW
    assert str(answer.url).endswith("/rules?pushed=2") and "threshold = 0.65" in answer.text
    assert "Number 2 is active" in words(answer) and 'href="/runs/new?rules=older"' in answer.text


def test_what_a_push_led_to_is_said_only_while_it_is_active(editor: Editor) -> None:
    assert 'id="pushed"' not in editor.get("/rules?pushed=7").text


def test_a_form_that_is_sent_twice_pushes_once(editor: Editor) -> None:
    first = editor.post_form("/rules/push", text=NEW, seq="1")
    second = editor.post_form("/rules/push", text=NEW, seq="1")
    assert str(first.url) == str(second.url) and second.status_code == 200
    item = editor.store.publication.item
    assert item is not None and item.seq == 2


def test_nothing_is_pushed_while_a_fault_stands(editor: Editor) -> None:
    faulty = NEW.replace("threshold", "thresold")
    for path in ("/rules/edit/confirm", "/rules/push"):
        answer = editor.post_form(path, text=faulty, seq="1")
        assert answer.status_code == 400 and text_in(answer) == faulty
        assert "did you mean threshold?" in words(answer) and 'id="push"' not in answer.text
    assert editor.pushes == [] and editor.active == ACME


@pytest.mark.parametrize("path", ["/rules/edit/confirm", "/rules/push"])
def test_a_push_of_another_is_never_overwritten_unseen(editor: Editor, path: str) -> None:
    editor.store.push(OTHER)
    answer = editor.post_form(path, text=NEW, seq="1")
    assert answer.status_code == 409 and editor.active == OTHER
    assert "Meanwhile somebody pushed rules other, number 2" in words(answer)
    assert '- removedname = "other"' in words(answer) and text_in(answer) == NEW
    editor.post_form("/rules/push", text=text_in(answer), seq=seq_in(answer))
    assert editor.active == NEW


def test_the_same_rules_in_other_words_are_not_pushed(editor: Editor) -> None:
    answer = editor.post_form("/rules/edit/confirm", text=f"# ours\n{ACME}", seq="1")
    assert "the texts differ in comments or spelling alone" in words(answer)
    assert '<button class="main">' not in answer.text and "+ added# ours" in words(answer)


def test_rules_that_cannot_be_read_can_be_replaced(editor: Editor) -> None:
    editor.store.push_broken()
    opened = editor.get("/rules/edit")
    assert text_in(opened) == "" and seq_in(opened) == "2"
    assert "cannot be read" in words(opened)
    editor.post_form("/rules/push", text=NEW, seq="2")
    assert editor.active == NEW


def test_a_stack_that_does_not_answer_has_pushed_nothing(editor: Editor) -> None:
    editor.ask.fails[PushRules] = Retryable("the stack is busy")
    assert editor.post_form("/rules/push", text=NEW, seq="1").status_code == 503
    assert editor.active == ACME


def test_the_effect_is_shown_where_the_library_is_known(editor: Editor) -> None:
    seen: list[str] = []

    async def effect(request: Request, draft: Draft) -> EffectView | None:
        seen.append(draft.text)
        counted = [TagNumbers("<guitar>", {"gained": 12})]
        found = effect_view("key", AT, counted, changed=12, assets=50, looked_at=50, undecided=0, apart=0)
        return found if len(seen) == 1 else None

    editor.app.state.effect = effect
    assert (
        "&lt;guitar&gt;: +12 pictures that gain the tag"
        in editor.post_form("/rules/edit/confirm", text=NEW, seq="1").text
    )
    assert 'id="effect"' not in editor.post_form("/rules/edit/confirm", text=NEW, seq="1").text
    assert seen == [NEW, NEW]


def test_a_change_by_another_site_is_refused(editor: Editor) -> None:
    headers = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    answer = editor.browser.post("/rules/push", data={"text": NEW, "seq": "1"}, headers=headers)
    assert answer.status_code == 403 and editor.active == ACME
