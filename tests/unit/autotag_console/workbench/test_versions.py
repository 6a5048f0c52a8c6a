"""Earlier versions: who pushed which when, how each differs, and the way back into the editor."""

import pytest

from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules
from tests.unit.autotag_console.workbench.editor_page import ACME, OTHER, Editor, seq_in, text_in, words


@pytest.fixture
def editor() -> Editor:
    editor = Editor()
    editor.post_form("/rules/push", text=OTHER, seq="1")
    return editor


def version_of(text: str) -> str:
    return Ruleset(parse_rules(text)).version


def test_each_push_is_listed_with_its_name_and_who_pushed_it(editor: Editor) -> None:
    listed = words(editor.get("/rules/versions"))
    assert "Number 2: other, active Pushed" in listed and "by arn:aws:sts::123456789012" in listed
    assert "Number 1: name not recorded" in listed and "by somebody" in listed
    assert listed.index("Number 2") < listed.index("Number 1")


def test_a_version_is_compared_with_the_active_rules(editor: Editor) -> None:
    assert f'href="/rules/versions/{version_of(ACME)}"' in editor.get("/rules/versions").text
    shown = words(editor.get(f"/rules/versions/{version_of(ACME)}"))
    assert '1- removedname = "other"' in shown and '1+ addedname = "acme"' in shown
    assert "the same lines" in words(editor.get(f"/rules/versions/{version_of(OTHER)}"))


def test_an_earlier_version_is_opened_to_replace_the_active_rules(editor: Editor) -> None:
    opened = editor.get(f"/rules/edit?version={version_of(ACME)}")
    assert text_in(opened) == ACME and seq_in(opened) == "2"
    editor.post_form("/rules/push", text=text_in(opened), seq=seq_in(opened))
    assert editor.active == ACME


def test_pages_of_pushes_lead_to_earlier_ones() -> None:
    editor = Editor()
    for n in range(60):
        editor.post_form("/rules/push", text=f'name = "v{n}"\n', seq=str(n + 1))
    first = editor.get("/rules/versions")
    assert "Number 61: v59, active" in words(first) and "Number 11:" not in words(first)
    assert 'href="/rules/versions?before=12"' in first.text
    last = words(editor.get("/rules/versions?before=12"))
    assert "Number 11: v9 Pushed" in last and "Number 1:" in last and "active Pushed" not in last


@pytest.mark.parametrize(("path", "status"), [("x", 400), ("f" * 64, 404)])
def test_another_version_is_one_sentence(editor: Editor, path: str, status: int) -> None:
    assert editor.get(f"/rules/versions/{path}").status_code == status


def test_without_a_push_the_page_says_so(editor: Editor) -> None:
    editor.store.publication.item = None
    assert "Rules were never pushed" in words(editor.get("/rules/versions"))
