"""Categories in the editor: looked up in this machine's list, or kept as the active rules have them."""

from typing import Any

import pytest
from msgspec.structs import replace

from autotag.domain.model.label_list import LabelList
from autotag.domain.model.labels import LabelRelations
from autotag.service.rules.publish import PushRules
from tests.unit.autotag_console.console_page import SETTINGS
from tests.unit.autotag_console.workbench.editor_page import ACME, Editor, words

PETS = '[categories."Animals and Pets"]\nthreshold = 0.9\n'
ACTIVE = f"{ACME}\n{PETS}"
EDITED = ACTIVE.replace("0.9", "0.95")
SETS: dict[str, tuple[str, ...]] = {"Animals and Pets": ("dog", "koala")}
LIST = LabelList("3.0", "l.zip", {"Dog": LabelRelations(categories=("Animals and Pets",))})


@pytest.fixture
def editor() -> Editor:
    """Return the editor of a deployed console, which has no list, over rules that name a category."""
    editor = Editor()
    editor.store.push(ACTIVE, SETS)
    return editor


@pytest.fixture
def local() -> Editor:
    """Return the editor of a console on a machine with a list."""
    editor = Editor(replace(SETTINGS, listed=LIST))
    editor.store.push(ACTIVE, SETS)
    return editor


def stored(editor: Editor) -> Any:
    item = editor.store.publication.item
    assert item is not None
    return editor.store.versions.sets[item.hash]


def test_a_console_without_a_list_keeps_the_labels_of_the_active_rules(editor: Editor) -> None:
    assert "warning" not in editor.script("/rules/check", {"text": EDITED}).text
    answer = editor.post_form("/rules/push", text=EDITED, seq="2")
    assert str(answer.url).endswith("/rules?pushed=3")
    assert editor.pushes == [PushRules(EDITED, 2, SETS)] and stored(editor) == SETS


def test_a_console_without_a_list_refuses_another_category_and_names_the_commands(editor: Editor) -> None:
    other = f"{EDITED}[categories.Vehicles]\ndeny = true\n"
    assert "expected one of a list: autotag labels import FILE" in words(editor.script("/rules/check", {"text": other}))
    for path in ("/rules/edit/confirm", "/rules/push"):
        answer = editor.post_form(path, text=other, seq="2")
        assert answer.status_code == 400 and "push there, with autotag rules push FILE" in words(answer)
    assert editor.pushes == [] and editor.active == ACTIVE


def test_a_console_with_a_list_looks_categories_up_and_shows_what_moves(local: Editor) -> None:
    answer = local.post_form("/rules/edit/confirm", text=EDITED, seq="2")
    assert "Labels of the category Animals and Pets: koala left." in words(answer)
    local.post_form("/rules/push", text=EDITED, seq="2")
    assert stored(local) == {"Animals and Pets": ("dog",)}


def test_the_active_text_with_another_list_is_another_version_to_push(local: Editor) -> None:
    answer = local.post_form("/rules/edit/confirm", text=ACTIVE, seq="2")
    assert 'id="same"' not in answer.text and "koala left" in words(answer)


def test_an_earlier_version_comes_back_with_its_own_labels(editor: Editor) -> None:
    item = editor.store.publication.item
    assert item is not None
    editor.store.push(ACME)
    page = editor.get(f"/rules/edit?version={item.hash}")
    assert f'name="version" value="{item.hash}"' in page.text and "warning" not in page.text
    editor.post_form("/rules/push", text=ACTIVE, seq="3", version=item.hash)
    again = editor.store.publication.item
    assert again is not None and (again.hash, again.seq) == (item.hash, 4)


def test_names_of_categories_are_offered(local: Editor) -> None:
    offered = local.script("/rules/complete", {"before": "[categories.", "after": ""}).json()["options"]
    assert [each["insert"] for each in offered] == ['"Animals and Pets"]']
