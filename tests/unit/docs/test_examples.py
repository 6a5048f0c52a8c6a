"""README.md and docs/tutorial.md: their console blocks show what the commands print."""

from pathlib import Path

import pytest

from autotag.domain.rules.parse import examine
from tests.unit.docs.examples import DOCUMENT, DOCUMENTS, Example, examples, run
from tests.unit.docs.pages import name

CASES = [
    pytest.param(example, id=f"{name(page)}-line-{example.line}")
    for page in DOCUMENTS
    if page != DOCUMENT
    for example in examples(page.read_text("utf-8"))
]


@pytest.mark.parametrize("example", CASES)
def test_every_example_prints_what_the_page_says(example: Example) -> None:
    assert run(example) == example.text


@pytest.mark.parametrize("example", CASES)
def test_every_rules_file_of_a_page_is_without_a_fault_or_warning(example: Example) -> None:
    for text in example.files.values():
        assert (examine(text).errors, examine(text).warnings) == ((), ())


@pytest.mark.parametrize("page", DOCUMENTS, ids=name)
def test_each_page_has_an_example(page: Path) -> None:
    assert list(examples(page.read_text("utf-8")))
