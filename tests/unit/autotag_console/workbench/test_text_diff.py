"""Differences: applied to the one text they give the other."""

from hypothesis import given
from hypothesis import strategies as st

from autotag_console.views.text_diff import differences

TEXTS = st.lists(st.sampled_from(["a", "b", "", "c # x"]), max_size=30).map("\n".join)


def test_a_changed_line_is_removed_and_added_with_its_surroundings() -> None:
    ((*lines,),) = differences("1\n2\n3\n4\n5\n6\n", "1\n2\n3\n4\nfive\n6\n")
    assert [(line.kind, line.old, line.new, line.text) for line in lines] == [
        ("same", 2, 2, "2"),
        ("same", 3, 3, "3"),
        ("same", 4, 4, "4"),
        ("removed", 5, None, "5"),
        ("added", None, 5, "five"),
        ("same", 6, 6, "6"),
    ]


def test_ends_of_lines_do_not_count() -> None:
    assert differences("a\r\nb\r\n", "a\nb") == ()


@given(old=TEXTS, new=TEXTS)
def test_each_line_stands_where_it_says(old: str, new: str) -> None:
    before, after = old.splitlines(), new.splitlines()
    lines = [line for group in differences(old, new) for line in group]
    assert (lines == []) == (before == after)
    for line in lines:
        assert line.old is None or before[line.old - 1] == line.text
        assert line.new is None or after[line.new - 1] == line.text
    removed = {line.old for line in lines if line.kind == "removed"}
    added = {line.new for line in lines if line.kind == "added"}
    kept_before = [text for number, text in enumerate(before, 1) if number not in removed]
    assert kept_before == [text for number, text in enumerate(after, 1) if number not in added]
