"""The rows of the table, before and after."""

from bench.load.rows import Row, at_least, at_most, compared, row


def test_a_figure_is_compared_with_its_target() -> None:
    cells = compared(None, [at_most("minutes", 7.96, 8, "simulated", "min", 1), at_least("seen", 1, 2, "simulated")])
    assert list(cells) == [
        ("minutes", "8.0 min", "simulated", "at most 8.0 min", "yes"),
        ("seen", "1", "simulated", "at least 2", "NO"),
    ]


def test_before_and_after_stand_beside_each_other() -> None:
    cells = compared([row("reads", 1234, "measured"), row("old", 1, "measured")], [row("reads", 56, "measured")])
    assert list(cells) == [
        ("reads", "1,234", "56", "measured", "", ""),
        ("old", "1", "not measured", "measured", "", ""),
    ]


def test_what_an_earlier_revision_lacks_is_said() -> None:
    assert list(compared([], [Row("reads", "56", "measured", met=True)])) == [
        ("reads", "not measured", "56", "measured", "", "yes")
    ]
