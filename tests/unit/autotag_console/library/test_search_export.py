"""The library page on an export: all at once, with the count, and the way to the stack as it is now."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from autotag.service.operations.scan import Scan
from autotag.service.rules.publish import ShowRules
from autotag_console.ask import read_answer
from autotag_console.learning.learned import ScannedPage
from autotag_console.library.search import library_routes
from autotag_console.settings import LibraryFile
from tests.fakes.samples import resource
from tests.unit.autotag_console.console_page import SETTINGS, Page
from tests.unit.autotag_console.search.test_library_page import ACTIVE, assets, search, words
from tests.unit.autotag_library.libraries import AT, columns_of


class Exported(Page):
    """A console with an export of its stack, which got other assets since."""

    def __init__(self, file: Path, scanned: Page) -> None:
        library = LibraryFile(file, AT)
        super().__init__(0, replace(SETTINGS, library=library), library_routes(library))
        self.queue.fakes.store.items |= scanned.queue.fakes.store.items
        self.queue.given(resource("new", {"Dog": 0.9}))
        self.ask.answers[ShowRules] = ACTIVE


@pytest.fixture
def file() -> Iterator[Path]:
    """An export of 100 dogs, of which some are cats as well, and what is known only of it."""
    page = Page(3)
    for n in range(100):
        page.queue.given(resource(f"d{n:02}", {"Dog": 0.9, **({"Cat": 0.6} if n % 10 == 0 else {})}))
    with columns_of(read_answer(page.ask(Scan(limit=1000)), ScannedPage).assets) as path:
        yield path


@pytest.fixture
def page(file: Path) -> Page:
    return Exported(file, Page(3)).start()


def following(page: Page, answer: Any) -> Any:
    link = re.search(r'id="next" href="(.*?)"', answer.text)
    assert link
    return page.get(unescape(link[1]))


def test_all_matches_are_counted_and_shown_in_pages_of_forty(page: Page) -> None:
    first = search(page, q="tag:dog")
    assert "Pictures 1 to 40 of 100." in words(first) and assets(first) == [f"d{n:02}" for n in range(40)]
    third = following(page, following(page, first))
    assert "Pictures 81 to 100 of 100." in words(third) and assets(third) == [f"d{n:02}" for n in range(80, 100)]
    assert 'id="next"' not in third.text and page.ask.asked_of(Scan) == []


def test_results_have_their_reasons_and_the_form_says_of_when_the_export_is(page: Page) -> None:
    said = words(search(page, q="label:cat>0.5 tag:dog"))
    assert "10 pictures." in said and "in the export of November 24, 2026 at 08:00 UTC" in said
    assert "Cloudinary found Cat with the confidence 0.60, above 0.50." in said
    assert "Dog is a tag because its confidence 0.90 reaches the 0.70" in said


def test_where_rules_decide_it_says_how_many_were_looked_at(page: Page) -> None:
    answer = search(page, q="outcome:review tag:dog")
    assert "10 pictures." in words(answer)
    assert assets(answer) == [f"d{n:02}" for n in range(0, 100, 10)]
    assert "A person is asked about Cat because" in words(answer)
    many = search(page, q="outcome:kept tag:dog")
    assert "40 pictures here. Looked at 40 of 100 pictures that may match." in words(many)
    last = following(page, following(page, many))
    assert "20 pictures here. Looked at 100 of 100 pictures that may match." in words(last)


def test_the_same_search_goes_to_the_stack_as_it_is_now(page: Page) -> None:
    assert assets(search(page, q="stage/new")) == []
    nothing = search(page, q="stage/new")
    link = re.search(r'href="(/library\?.*?)">search the stack as it is now', nothing.text)
    assert link
    answer = page.get(unescape(link[1]))
    assert assets(answer) == ["new"] and re.search(r'id="in-stack"[^>]* checked', answer.text)


def test_an_export_that_is_replaced_meanwhile_is_not_mixed_with_the_old_one(page: Page, file: Path) -> None:
    search(page, q="tag:dog")
    other = file.with_name("other")
    other.write_bytes(file.read_bytes())
    other.replace(file)
    answer = page.browser.get("/library", params={"q": "tag:dog"})
    assert answer.status_code == 409 and "The export library.parquet is another file now" in answer.text


def test_a_damaged_export_is_said_and_the_stack_can_be_searched(tmp_path: Path) -> None:
    damaged = tmp_path / "library.parquet"
    damaged.write_bytes(b"PAR1 and nothing else PAR1")
    page = Exported(damaged, Page(1)).start()
    answer = page.browser.get("/library", params={"q": "tag:guitar"})
    assert answer.status_code == 503 and "The export library.parquet cannot be read" in answer.text
    assert assets(search(page, q="tag:guitar", **{"in": "stack"})) == ["a0"]


def test_while_the_export_is_read_the_page_says_so_and_a_script_asks(file: Path) -> None:
    library = LibraryFile(file, AT)
    settings = replace(SETTINGS, library=library, patience=0.0)
    page = Page(1, settings, library_routes(library)).start()
    answer = search(page, q="tag:dog")
    if "The export is being read." in answer.text:  # else this machine was faster than no time at all
        assert "library.js" in answer.text and '<noscript><meta http-equiv="refresh"' in answer.text
    for _ in range(1000):
        if page.get("/api/library").json()["ready"]:
            break
    else:
        raise AssertionError("it is never read")
    assert "of 100." in words(search(page, q="tag:dog"))


@pytest.mark.parametrize("after", ["x", "-2", "1" * 13])
def test_a_place_that_is_none_is_a_fault(page: Page, after: str) -> None:
    answer = page.browser.get("/library", params={"q": "tag:dog", "after": after})
    assert answer.status_code == 400 and "after: expected the number of a row" in words(answer)
