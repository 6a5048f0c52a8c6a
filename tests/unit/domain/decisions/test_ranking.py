"""The order by confidence and name, whatever the order of the input."""

from operator import attrgetter

from hypothesis import given
from hypothesis import strategies as st

from autotag.domain.decisions.ranking import ranked
from autotag.domain.model.labels import Label

FEW = st.sampled_from([0.0, 0.5, 0.7, 1.0])
NAMED = st.lists(st.tuples(st.text("abcAB", max_size=3), FEW | st.floats(0, 1)), unique_by=lambda pair: pair[0])


@given(NAMED)
def test_the_most_confident_come_first_and_equals_by_name(pairs: list[tuple[str, float]]) -> None:
    labels = [Label(name, confidence) for name, confidence in pairs]
    expected = sorted(labels, key=lambda label: (-label.confidence, label.name))
    assert ranked(labels, attrgetter("name")) == expected == ranked(expected, attrgetter("name"))
    assert labels == [Label(name, confidence) for name, confidence in pairs]


def test_nothing_and_one_are_in_order() -> None:
    assert ranked([], attrgetter("name")) == []
    assert ranked([Label("A", 0.0)], attrgetter("name")) == [Label("A", 0.0)]
