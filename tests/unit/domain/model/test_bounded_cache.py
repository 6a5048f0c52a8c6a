"""The cache computes each value once, and is cleared before it exceeds its limit."""

from autotag.domain.model.bounded_cache import BoundedCache


class Lengths(BoundedCache[str, int]):
    """The lengths of texts; ``computed`` lists the texts whose length was computed."""

    def __init__(self, limit: int) -> None:
        super().__init__(self._length, limit)
        self.computed: list[str] = []

    def _length(self, text: str) -> int:
        self.computed.append(text)
        return len(text)


def test_a_value_is_computed_once() -> None:
    cache = Lengths(10)
    assert [cache.get(text) for text in ("a", "bb", "a", "", "")] == [1, 2, 1, 0, 0]
    assert cache.computed == ["a", "bb", ""] and cache.entries == {"a": 1, "bb": 2, "": 0}


def test_a_full_cache_is_cleared_and_its_values_are_computed_again() -> None:
    cache = Lengths(3)
    entries = cache.entries
    assert [cache.get(text) for text in ("a", "bb", "ccc")] == [1, 2, 3] and len(entries) == 3
    assert cache.get("dddd") == 4 and cache.entries is entries and entries == {"dddd": 4}
    assert cache.get("a") == 1 and cache.computed == ["a", "bb", "ccc", "dddd", "a"]


def test_what_values_hold_counts_toward_the_limit() -> None:
    cache = Lengths(10)
    cache.get("a")
    cache.charge(8)
    assert cache.get("bb") == 2 and len(cache.entries) == 2
    cache.charge(1)
    assert cache.entries == {}
    cache.charge(8)
    assert [cache.get(text) for text in ("bb", "ccc")] == [2, 3] and cache.entries == {"ccc": 3}


def test_a_long_text_is_computed_each_time() -> None:
    cache = Lengths(10)
    fits, too_long = "x" * 255, "x" * 256
    assert [cache.get(text) for text in (fits, too_long, fits, too_long)] == [255, 256, 255, 256]
    assert list(cache.entries) == [fits] and cache.computed == [fits, too_long, too_long]


def test_longer_texts_count_as_more() -> None:
    cache = Lengths(100)
    for n in range(100):
        cache.get(f"{n:0200}")
    assert sum(map(len, cache.entries)) < 100 * 32
