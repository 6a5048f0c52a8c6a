"""What is behind a folder or a pattern: regular files, each once; and what is left out is said."""

import contextlib
import glob
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotag_cli.input.walk import Walk, only_new, walk
from tests.unit.autotag_cli.terminal.closed_streams import shut_folder


def put(top: Path, *names: str) -> None:
    for name in names:
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def names(found: Walk) -> list[str]:
    return [file.name for file in found.files]


@pytest.mark.parametrize("where", ["", "/**", "/**/*", "/**/**/*.jpg", "/**/k.jpg"])
def test_a_folder_with_a_link_to_itself_gives_each_file_once(where: str, tmp_path: Path) -> None:
    put(tmp_path, "k.jpg", "a/k.jpg")
    (tmp_path / "self").symlink_to(".")
    (tmp_path / "a" / "up").symlink_to("..")
    (tmp_path / "a" / "circle").symlink_to("circle")

    found = walk(f"{tmp_path}{where}")

    assert names(found) == ["a/k.jpg", "k.jpg"]
    links = [
        f"{tmp_path}/{link} is a link to a folder and was left out; name it to include it." for link in ("a/up", "self")
    ]
    assert [sentence for sentence in found.left_out if "link to a folder" in sentence] == links


@pytest.mark.parametrize("where", ["", "/*", "/**/*.jpg"])
def test_links_out_of_a_folder_are_left_out_and_told(where: str, tmp_path: Path) -> None:
    put(tmp_path, "in/a.jpg", "elsewhere/secret.jpg")
    (tmp_path / "in" / "album").symlink_to("../elsewhere")
    (tmp_path / "in" / "b.jpg").symlink_to("a.jpg")
    (tmp_path / "in" / "c.jpg").symlink_to("../elsewhere/secret.jpg")
    (tmp_path / "in" / "gone.jpg").symlink_to("nowhere")
    (tmp_path / "in" / "notes.txt").symlink_to("nowhere")

    found = walk(f"{tmp_path}/in{where}", lambda name: name.endswith(".jpg"))

    assert names(found) == ["a.jpg"]
    links = [sentence.removeprefix(f"{tmp_path}/in/").split(" ")[0] for sentence in found.left_out]
    assert links == (["b.jpg", "c.jpg", "gone.jpg"] if where == "/*" else ["album", "b.jpg", "c.jpg", "gone.jpg"])


def test_a_link_that_a_person_names_is_followed(tmp_path: Path) -> None:
    put(tmp_path, "elsewhere/a.jpg")
    (tmp_path / "album").symlink_to("elsewhere")
    (tmp_path / "one.jpg").symlink_to("elsewhere/a.jpg")

    assert names(walk(f"{tmp_path}/album")) == ["a.jpg"] == names(walk(f"{tmp_path}/album/*.jpg"))
    assert names(walk(f"{tmp_path}/one.jpg")) == ["one.jpg"]


def test_each_file_comes_once_whatever_leads_to_it(tmp_path: Path) -> None:
    put(tmp_path, "in/a.jpg", "in/b/c.jpg")
    (tmp_path / "same").symlink_to("in")
    arguments = ["in", "in/b", "same", "in/**/*.jpg", "same/a.jpg", "in/../in/a.jpg"]
    seen: set[str] = set()

    found = [file for argument in arguments for file in only_new(walk(f"{tmp_path}/{argument}").files, seen)]

    assert [file.name for file in found] == ["a.jpg", "b/c.jpg"]


@pytest.mark.parametrize("where", ["", "/*"])
def test_what_is_no_regular_file_is_left_out_and_told_and_nothing_waits_for_it(where: str, tmp_path: Path) -> None:
    put(tmp_path, "a.json")
    os.mkfifo(tmp_path / "pipe.json")

    found = walk(f"{tmp_path}{where}")

    assert names(found) == ["a.json"]
    assert found.left_out == (f"{tmp_path}/pipe.json is not a regular file and was left out.",)


@pytest.fixture
def shut() -> Iterator[Path]:
    with shut_folder({"open/a.json": b"x", "shut/a.json": b"x", "shut/in/a.json": b"x"}) as top:
        yield top


@pytest.mark.parametrize("where", ["", "/**/*.json", "/*/*.json", "/**"])
def test_a_folder_that_cannot_be_read_is_told_and_the_rest_is_taken(where: str, shut: Path) -> None:
    found = walk(f"{shut}{where}")

    assert names(found) == ["open/a.json"]
    assert found.unread == ((f"{shut}/shut", "Permission denied"),)


@pytest.mark.parametrize("where", ["/open/*.json", "/o*/*", "/*.json"])
def test_a_folder_in_which_nothing_can_match_is_not_looked_at(where: str, shut: Path) -> None:
    assert walk(f"{shut}{where}").unread == ()


def test_a_named_folder_that_cannot_be_read_is_told(shut: Path) -> None:
    assert walk(f"{shut}/shut") == Walk(unread=((f"{shut}/shut", "Permission denied"),))
    assert walk(f"{shut}/shut/*.json").unread == ((f"{shut}/shut", "Permission denied"),)


@pytest.mark.parametrize(
    ("pattern", "matching"),
    [
        ("*.json", ["a.json"]),
        ("*/*.json", ["b/a.json"]),
        ("**/*.json", ["a.json", "b/a.json", "b/c/a.json"]),
        ("b/**/*.json", ["a.json", "c/a.json"]),
        ("**/c/*", ["b/c/a.json"]),
        ("**/b/**", ["b/a.json", "b/c/a.json", "b/x.txt"]),
        ("?.j[st]on", ["a.json"]),
        ("[!b]*", ["a.json"]),
        (".*/*.json", [".h/a.json"]),
        ("**/.*.json", ["b/.h.json"]),
        ("*/", []),
        ("none/*", []),
        ("a.json/*", []),
    ],
)
def test_what_a_pattern_matches(pattern: str, matching: list[str], tmp_path: Path) -> None:
    put(tmp_path, "a.json", "b/a.json", "b/c/a.json", "b/x.txt", ".h/a.json", "b/.h.json")

    assert names(walk(f"{tmp_path}/{pattern}")) == matching


def test_a_pattern_may_begin_here(tmp_path: Path) -> None:
    put(tmp_path, "a.json", "b/c.json")

    with contextlib.chdir(tmp_path):
        assert [file.path for file in walk("**/*.json").files] == ["a.json", "b/c.json"]
        assert [file.path for file in walk("./*/*.json").files] == ["./b/c.json"]


def test_a_folder_may_be_called_like_a_pattern(tmp_path: Path) -> None:
    put(tmp_path, "summer [2024]/a.json")

    assert names(walk(f"{tmp_path}/summer [2024]/*.json")) == ["a.json"] == names(walk(f"{tmp_path}/summer [2024]"))


@given(
    st.lists(st.sampled_from(["a", "*", "**", "a*", "b"]), min_size=1, max_size=4).map("/".join).filter(glob.has_magic)
)
def test_without_links_a_pattern_matches_what_pythons_glob_does(pattern: str) -> None:
    with tempfile.TemporaryDirectory() as top:
        put(Path(top), "a/a/a", "a/b/a", "a/ab", "b/a/b/a", "ab/a", "b/b")
        matching = filter(os.path.isfile, glob.iglob(f"{top}/{pattern}", recursive=True))

        assert {file.path for file in walk(f"{top}/{pattern}").files} == set(matching)


def test_a_pattern_takes_time_linear_in_the_names(tmp_path: Path) -> None:
    put(tmp_path, "a" * 250)

    assert names(walk(f"{tmp_path}/{'*a' * 60}b")) == []
