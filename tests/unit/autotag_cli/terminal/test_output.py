"""What is printed: escaped, and readable all the same."""

import json

from hypothesis import given
from hypothesis import strategies as st

from autotag_cli.terminal.output import json_text, printable


@given(st.text())
def test_printable_leaves_nothing_that_a_terminal_acts_on(text: str) -> None:
    assert printable(text).isprintable()


@given(st.text())
def test_json_text_is_printable_and_says_the_same(text: str) -> None:
    written = json_text({text: [text]})

    assert written.isprintable()
    assert json.loads(written) == {text: [text]}


def test_readable_text_stays_as_it_is() -> None:
    assert printable("Höhle 洞窟") == "Höhle 洞窟"
    assert json_text(["Höhle"]) == '["Höhle"]'
