"""Folder globs, and the prefix by which a block is found for a folder."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autotag.domain.model.folder_glob import folder_pattern, literal_prefix


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


def by_definition(glob: str, folder: str) -> bool:
    """Match by trying every way, as the documentation puts it: slow, and plain to see that it is right."""
    segments = glob.strip("/").split("/")
    segments = [s for i, s in enumerate(segments) if s != "**" or segments[i - 1 : i] != ["**"]]
    pattern, slash = "", ""
    for i, segment in enumerate(segments):
        if segment != "**":
            pattern += slash + re.escape(segment).replace(r"\*\*", ".*").replace(r"\*", "[^/]*")
            slash = "/"
        elif i == len(segments) - 1:
            pattern += "(?:/.*)?" if slash else ".*"
        else:
            pattern += f"{slash}(?:.*/)?"
            slash = ""
    return re.fullmatch(pattern, folder, re.DOTALL) is not None


@settings(max_examples=250)
@given(
    glob=st.text("ab*/", max_size=10) | st.lists(st.sampled_from(["a", "*a*", "**", "a**b", "*", "b*"])).map("/".join),
    folder=st.text("ab/\n", max_size=10),
)
def test_it_matches_what_trying_every_way_matches(glob: str, folder: str) -> None:
    assert bool(folder_pattern(glob).fullmatch(folder)) == by_definition(glob, folder)


@pytest.mark.parametrize(
    "glob",
    [
        "*a*a*a*a*a*a*a*ab", "**a**a**a**b", "**/*a*/**/*a*/**/b", "a**a*b", "**/*a/*a/*a/b", "**a*a/**/a*a**c/**",
        "*" * 60 + "b", "**/" * 30 + "b", "*a" * 60 + "b",
    ],
)  # fmt: skip
@pytest.mark.parametrize("unit", ["a", "a/", "aa/", "ab/", "/"])
def test_a_match_takes_time_linear_in_the_folder_whatever_the_glob_holds(glob: str, unit: str) -> None:
    folder = unit * (40_000 // len(unit))
    pattern = folder_pattern(glob)
    began = time.process_time()

    pattern.fullmatch(folder)

    assert time.process_time() - began < 1  # a few ms; were it quadratic, half a minute
