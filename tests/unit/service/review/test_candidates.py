"""The candidates for pages of the review queue against the plain order of everything that waits."""

from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from autotag.domain.review.waiting import Order, WaitingAsset, cursor_of, may_ask, place_behind, place_of
from autotag.domain.state.due_entry import SHARDS
from autotag.ports.operations import QueuePage
from autotag.service.review.candidates import MostConfident, OldestFirst, waves
from tests.fakes.runtime import in_turn

TAGS = ["cat", "dog"]
ASSETS = st.dictionaries(
    st.integers(0, 99).map("a{}".format),
    st.builds(
        lambda since, asks: WaitingAsset(since, "", asks, "stage"),
        st.integers(0, 6),  # few moments: many assets wait since the same one
        st.none() | st.dictionaries(st.sampled_from(TAGS), st.integers(0, 3), min_size=1),
    ),
    max_size=40,
).map(lambda found: {name: asset._replace(asset_id=name) for name, asset in found.items()})


class PagedIndex:
    """Implements the ``ReviewQueue`` port: pages of at most ``size`` assets, whose order within a moment is its own."""

    def __init__(self, assets: dict[str, WaitingAsset], size: int) -> None:
        self.assets, self.size = assets, size

    def page(
        self, shard: int, since: int, *, tag: str = "", limit: int | None = None, rest: object | None = None
    ) -> QueuePage:
        mine = sorted(
            (asset.since, asset.asset_id[::-1], asset)
            for asset in self.assets.values()
            if hash_of(asset) == shard and asset.since >= since
        )
        behind = [entry for entry in mine if rest is None or entry[:2] > rest]  # type: ignore[operator]
        page = behind[: min(self.size, limit or self.size)]
        found = [asset for *_, asset in page if may_ask(asset, tag)]
        return QueuePage(found, page[-1][:2], page[-1][0]) if len(behind) > len(page) else QueuePage(found)


def hash_of(asset: WaitingAsset) -> int:
    """Return one of three partitions, so that some hold much and others nothing."""
    return int(asset.asset_id[1:]) % 3 * (SHARDS // 3)


def pages(
    index: PagedIndex, order: Order, tag: str, limit: int, patient: Callable[[], bool]
) -> Iterator[list[WaitingAsset]]:
    """Yield page after page, each by a request of its own that knows the cursor alone."""
    cursor: str | None = ""
    for _ in range(1000):
        after = place_behind(cursor or "", order)
        found: OldestFirst | MostConfident
        if order == "oldest":
            read = waves(index, in_turn, since=max(0, after.rank), tag=tag, most=None if tag else limit)
            found = OldestFirst(read, after, lambda asset: may_ask(asset, tag), patient)
        else:
            read = waves(index, in_turn, tag=tag)
            found = MostConfident(read, after, lambda asset: place_of(asset, order, tag), 400).read(lambda: True)
        yield found.take(limit)
        if (place := found.place) is None:
            return
        cursor = cursor_of(place, order)
    raise AssertionError("the pages have no end")


QUEUES: dict[str, Any] = {
    "assets": ASSETS,
    "size": st.integers(1, 7),
    "limit": st.integers(1, 9),
    "tag": st.sampled_from(["", *TAGS]),
}


@settings(max_examples=150, deadline=None)
@given(**QUEUES, patience=st.booleans())
def test_pages_of_the_oldest_are_the_whole_queue_in_order(
    assets: dict[str, WaitingAsset], size: int, limit: int, tag: str, patience: bool
) -> None:
    found = list(pages(PagedIndex(assets, size), "oldest", tag, limit, lambda: patience))
    asked = sorted(asset[:2] for asset in assets.values() if may_ask(asset, tag))
    assert [asset[:2] for page in found for asset in page] == asked
    assert all(len(page) == limit for page in found[:-1]) or not patience


@settings(max_examples=100, deadline=None)
@given(**QUEUES | {"tag": st.sampled_from(TAGS)})
def test_pages_of_the_most_confident_are_the_whole_queue_in_order(
    assets: dict[str, WaitingAsset], size: int, limit: int, tag: str
) -> None:
    found = list(pages(PagedIndex(assets, size), "confidence", tag, limit, lambda: True))
    asked = sorted(
        (-(asset.asks or {}).get(tag, 0), asset.asset_id) for asset in assets.values() if may_ask(asset, tag)
    )
    assert [asset.asset_id for page in found for asset in page] == [asset_id for _, asset_id in asked]


CHANGES = st.lists(st.tuples(st.sampled_from(["answer", "ask"]), st.integers(0, 99)), max_size=4)


@settings(max_examples=150, deadline=None)
@given(**QUEUES, changes=st.lists(CHANGES, max_size=20))
def test_what_changes_between_pages_neither_hides_nor_repeats_what_does_not(
    assets: dict[str, WaitingAsset], size: int, limit: int, tag: str, changes: list[list[tuple[str, int]]]
) -> None:
    index, touched = PagedIndex(dict(assets), size), set[str]()
    listed: list[tuple[int, str]] = []
    for moment, page in enumerate(pages(index, "oldest", tag, limit, lambda: True), 10):
        listed += [(asset.since, asset.asset_id) for asset in page]
        for change, number in changes[moment - 10] if moment - 10 < len(changes) else ():
            name = f"a{number}"
            touched.add(name)
            index.assets.pop(name, None)
            if change == "ask":
                index.assets[name] = WaitingAsset(moment, name, {"cat": 1, "dog": 1}, "stage")
    untouched = sorted(a[:2] for name, a in assets.items() if name not in touched and may_ask(a, tag))
    assert [entry for entry in listed if entry[1] not in touched] == untouched
    assert len(listed) == len(set(listed)) and listed == sorted(listed)


def test_a_page_reads_no_more_than_it_needs() -> None:
    assets = {f"a{n}": WaitingAsset(n, f"a{n}", {"cat": 1}) for n in range(3000)}
    read = waves(PagedIndex(assets, 1000), in_turn, most=20)
    found = OldestFirst(read, place_behind("", "oldest"), lambda asset: True, lambda: True)
    assert [asset.since for asset in found.take(20)] == list(range(20))
    assert next(read).read_until == 3 * (25 + 4 * 25) - 3  # a second wave was not read before
