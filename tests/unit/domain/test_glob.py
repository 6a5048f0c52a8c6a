"""Folder globs, and the prefix by which a block is found for a folder."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotag.domain.glob import folder_pattern, literal_prefix


@pytest.mark.parametrize(
    ("glob", "matching", "other"),
    [
        ("stage", ["stage"], ["", "stage/a", "backstage", "stages", "Stage", "a/stage"]),
        ("stage/*", ["stage/a", "stage/a b"], ["stage", "stage/a/b"]),
        ("stage/**", ["stage", "stage/a", "stage/a/b"], ["stages", "backstage", "a/stage", ""]),
        ("stage/**/live", ["stage/live", "stage/a/live", "stage/a/b/live"], ["stage", "live", "stage/a", "stagelive"]),
        ("**/live", ["live", "a/live", "a/b/live"], ["live/a", "alive", "a/alive"]),
        ("**", ["", "a", "a/b"], []),
        ("*/live", ["a/live"], ["live", "a/b/live"]),
        ("st*", ["stage", "st"], ["a/stage", "stage/a"]),
        ("st*/l*e", ["stage/live"], ["stage/lives"]),
        ("20**", ["2026", "2026/10/08"], ["1999"]),
        ("stage/**/**", ["stage", "stage/a", "stage/a/b"], ["stages"]),
        ("/stage/", ["stage"], ["stage/a"]),
        ("", [""], ["a"]),
        ("/", [""], ["a"]),
        ("a.b", ["a.b"], ["axb"]),
        ("a?", ["a?"], ["ab"]),
        ("[ab](c)+$^|\\", ["[ab](c)+$^|\\"], ["a"]),
        ("Bühne/*", ["Bühne/a", "Bühne/é\n"], ["Buhne/a"]),
    ],
)
def test_what_a_glob_matches(glob: str, matching: list[str], other: list[str]) -> None:
    pattern = folder_pattern(glob)
    assert [folder for folder in matching if not pattern.fullmatch(folder)] == []
    assert [folder for folder in other if pattern.fullmatch(folder)] == []


@pytest.mark.parametrize(
    ("glob", "prefix"),
    [
        ("stage/**", ("stage",)),
        ("stage/live", ("stage", "live")),
        ("stage/*/live", ("stage",)),
        ("stage/l*", ("stage",)),
        ("**", ()),
        ("/stage/", ("stage",)),
        ("", ()),
        ("/", ()),
    ],
)
def test_the_prefix_holds_no_wildcard(glob: str, prefix: tuple[str, ...]) -> None:
    assert literal_prefix(glob) == prefix


SEGMENT = st.sampled_from(["a", "b", "ab"])


@given(
    glob=st.lists(SEGMENT | st.sampled_from(["*", "**", "a*"]), max_size=4).map("/".join),
    folder=st.lists(SEGMENT, max_size=4).map("/".join),
)
def test_every_matching_folder_begins_with_the_prefix(glob: str, folder: str) -> None:
    if folder_pattern(glob).fullmatch(folder):
        prefix = literal_prefix(glob)
        segments = tuple(folder.split("/")) if folder else ()
        assert segments[: len(prefix)] == prefix
