"""A look at the stack: every asset once, whatever the sizes of pages, however often it is interrupted."""

from hypothesis import given, settings
from hypothesis import strategies as st

from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.schema import Rules
from autotag.domain.search.parse import parse_query
from autotag.service.operations.api import Request
from autotag.service.operations.scan import Scan, scan
from autotag_console.search.live import LivePage, ScanPlace, look
from tests.fakes.context import Fakes
from tests.unit.autotag_cli.made_up_history import unjudged

RULESET = Ruleset(Rules())


class Stack:
    """Answers scans of ``size`` assets named a0000, a0001, …; ``reads`` are the cursors and limits asked for."""

    def __init__(self, size: int) -> None:
        self.store = Fakes("").store
        for n in range(size):
            asset = unjudged(f"a{n:04}", "Dog" if n % 3 == 0 else "Cat", 0.9)
            self.store.items[asset.asset.asset_id] = asset
        self.reads: list[tuple[str, int]] = []

    def __call__(self, request: Request) -> bytes:
        assert isinstance(request, Scan)
        self.reads.append((request.cursor, request.limit))
        return scan(self.store, request)


def pages(stack: Stack, text: str, most: int, *, patient: bool) -> list[LivePage]:
    found = []
    place: ScanPlace | None = ScanPlace()
    while place is not None:
        page = look(stack, parse_query(text), RULESET, place, most, lambda: patient)
        found.append(page)
        place = page.rest
    return found


def names(page: LivePage) -> list[str]:
    return [each.asset.asset.asset_id for each in page.found]


@settings(max_examples=25)
@given(
    st.integers(0, 400),
    st.sampled_from(["label:dog", "-label:dog", "label:cow", "a"]),
    st.integers(1, 50),
    st.booleans(),
)
def test_all_pages_together_are_all_matches_once(size: int, text: str, most: int, patient: bool) -> None:
    stack = Stack(size)
    found = pages(stack, text, most, patient=patient)
    wanted = [
        f"a{n:04}" for n in range(size) if {"label:dog": n % 3 == 0, "-label:dog": n % 3 != 0, "a": True}.get(text)
    ]
    assert sorted(name for page in found for name in names(page)) == wanted
    assert all(len(page.found) <= most for page in found)
    assert sum(page.looked_at for page in found) == size


def test_a_look_that_takes_too_long_says_how_far_it_got_and_where_to_go_on() -> None:
    stack = Stack(1000)
    first = look(stack, parse_query("label:cow"), RULESET, ScanPlace(), 40, lambda: False)
    assert (names(first), first.looked_at) == ([], 100) and first.rest is not None
    second = look(stack, parse_query("label:cow"), RULESET, first.rest, 40, lambda: True)
    assert (second.looked_at, second.rest) == (900, None)


def test_pages_of_the_scan_grow_while_little_is_found() -> None:
    stack = Stack(1000)
    look(stack, parse_query("label:cow"), RULESET, ScanPlace(), 40, lambda: True)
    assert [limit for _, limit in stack.reads] == [100, 200, 400, 800]


def test_a_page_that_ends_late_in_a_long_page_of_the_scan_goes_on_from_there() -> None:
    stack = Stack(1000)
    found = pages(stack, "a05", 40, patient=True)
    assert [name for page in found for name in names(page)] == [f"a{n:04}" for n in range(500, 600)]
    assert sum(page.looked_at for page in found) == 1000


def test_where_the_asset_before_a_page_was_deleted_nothing_is_left_out() -> None:
    stack = Stack(90)
    first = look(stack, parse_query("label:dog"), RULESET, ScanPlace(), 5, lambda: True)
    assert first.rest is not None
    del stack.store.items[first.rest.after]
    second = look(stack, parse_query("label:dog"), RULESET, first.rest, 40, lambda: True)
    assert {*names(first), *names(second)} == {f"a{n:04}" for n in range(0, 90, 3)}
