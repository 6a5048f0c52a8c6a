"""The form of a search: fields say the same as text, and the address holds both."""

from urllib.parse import parse_qs, urlsplit

import pytest

from autotag.domain.errors import Invalid
from autotag.domain.search.parse import parse_query
from autotag_console.search.form import SearchForm


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (SearchForm(tag=" guitar "), "tag:guitar"),
        (SearchForm(label="Electric Guitar", low="0.5", high="0.7"), 'label:"Electric Guitar">=0.5<0.7'),
        (SearchForm(label="Guitar", low="0.5", high="1"), "label:Guitar>=0.5"),
        (SearchForm(label="Guitar", low="1", high="1"), "label:Guitar>=1"),
        (SearchForm(label="Guitar", high=".7"), "label:Guitar<0.7"),
        (SearchForm(outcome="review", folder="stage/**"), "outcome:review folder:stage/**"),
        (SearchForm(person="added"), "person:added"),
        (SearchForm(person="removed", person_tag="baby"), "removed:baby"),
        (SearchForm(q="stage -tag:a", tag="b"), "stage -tag:a tag:b"),
        (SearchForm(), ""),
    ],
)
def test_fields_are_terms(form: SearchForm, text: str) -> None:
    assert form.query() == parse_query(text)


@pytest.mark.parametrize(
    ("form", "where", "expected"),
    [
        (SearchForm(low="0.5"), "label", "expected the label that the confidence is of"),
        (SearchForm(label="a", low="70"), "from", "expected a confidence from 0 to 1"),
        (SearchForm(label="a", high="much"), "to", "expected a confidence from 0 to 1"),
        (SearchForm(label="a", low="0.7", high="0.7"), "to", "expected a confidence above the one before"),
        (SearchForm(outcome="good"), "outcome", "expected one of kept, "),
        (SearchForm(person_tag="baby"), "person", "expected whether a person added or removed the tag"),
        (SearchForm(q="tag:", tag="b"), "query, character 5", "expected a tag"),
    ],
)
def test_a_fault_names_its_field(form: SearchForm, where: str, expected: str) -> None:
    with pytest.raises(Invalid) as fault:
        form.query()
    assert fault.value.where == where and fault.value.expected.startswith(expected)


def test_the_address_holds_the_search_and_not_the_place_of_a_page() -> None:
    form = SearchForm(q="a&b", label="ä", low="0.5", person="added", where="stack", cursor="x", after="y", looked=3)
    assert parse_qs(urlsplit(form.address()).query) == {
        "q": ["a&b"], "label": ["ä"], "from": ["0.5"], "person": ["added"], "in": ["stack"],
    }  # fmt: skip
    assert parse_qs(urlsplit(form.address(after="7")).query)["after"] == ["7"]
    assert SearchForm().address() == "/library"
