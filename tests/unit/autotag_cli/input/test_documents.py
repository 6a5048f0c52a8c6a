"""Inputs of every kind: files, folders, patterns, JSON lines; read one by one."""

import json
import os
import tracemalloc
from pathlib import Path

import pytest

from autotag_cli.input.documents import Document, find_files, read_documents
from autotag_cli.input.files import MAX_SIZE

ONE = b'{"public_id": "a"}'
TWO = b'{"public_id": "b"}'


def texts(*arguments: str | Path, lines: bool = False) -> list[tuple[str, bytes]]:
    return [(found.location, found.raw or found.error.encode()) for found in documents(*arguments, lines=lines)]


def documents(*arguments: str | Path, lines: bool = False) -> list[Document]:
    return list(read_documents(find_files(map(str, arguments)), lines=lines))


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_a_file_is_one_document(tmp_path: Path) -> None:
    path = written(tmp_path, "a.json", b'{\n  "public_id": "a"\n}\n')

    assert texts(path) == [(str(path), b'{\n  "public_id": "a"\n}\n')]


@pytest.mark.parametrize("name", ["many.jsonl", "many.ndjson", "many.json", "many"])
def test_a_file_of_json_lines_is_a_document_for_each_line(name: str, tmp_path: Path) -> None:
    path = written(tmp_path, name, b"\n" + ONE + b"\r\n\n" + TWO + b"\n" + ONE)

    assert texts(path) == [(f"{path}:2", ONE), (f"{path}:4", TWO), (f"{path}:5", ONE)]


@pytest.mark.parametrize("broken", [b"{", b'{"a": ', b"x", b'{"a"}', b"[]"])
def test_one_of_the_first_two_lines_may_be_broken(broken: bytes, tmp_path: Path) -> None:
    path = written(tmp_path, "many.json", ONE + b"\n" + broken + b"\n" + TWO)

    assert texts(path) == [(f"{path}:1", ONE), (f"{path}:2", broken), (f"{path}:3", TWO)]


def test_the_first_line_may_be_broken_too(tmp_path: Path) -> None:
    path = written(tmp_path, "many.json", b'{"a"}\n' + ONE)

    assert texts(path) == [(f"{path}:1", b'{"a"}'), (f"{path}:2", ONE)]


@pytest.mark.parametrize(
    "content",
    [
        b'{"info":\n{"a": 1}\n}',
        b'{"a": [\n{"b": 1}\n]}',
        b'[\n{"a": 1}\n]',
        b'{"a": 1,\n"b": 2}',
        b"{\n\n}",
        b"",
        b"\n\n",
    ],
)
def test_one_object_on_several_lines_is_one_document(content: bytes, tmp_path: Path) -> None:
    path = written(tmp_path, "one.json", content)

    assert [found.location for found in documents(path)] == [str(path)]
    assert documents(path)[0].raw == content


def test_a_person_may_say_that_lines_are_documents(tmp_path: Path) -> None:
    path = written(tmp_path, "many", b"{\n" + ONE)

    assert texts(path, lines=True) == [(f"{path}:1", b"{"), (f"{path}:2", ONE)]


def test_a_byte_order_mark_does_not_hide_json_lines(tmp_path: Path) -> None:
    path = written(tmp_path, "many.json", b"\xef\xbb\xbf" + ONE + b"\n" + TWO)

    assert [found.line for found in documents(path)] == [1, 2]


def test_a_folder_is_every_json_file_in_it(tmp_path: Path) -> None:
    for name in ("b.json", "a/2.json", "a/10.jsonl", ".git/x.json", "notes.txt", ".hidden.json", "c.ndjson"):
        written(tmp_path, name, ONE)

    names = [os.path.relpath(found.location, tmp_path) for found in documents(tmp_path)]
    assert names == ["a/10.jsonl:1", "a/2.json", "b.json", "c.ndjson:1"]


def test_a_pattern_is_every_file_that_it_matches(tmp_path: Path) -> None:
    for name in ("b.json", "a/2.json", "a/b/3.json"):
        written(tmp_path, name, ONE)

    names = [os.path.relpath(found.location, tmp_path) for found in documents(tmp_path / "**" / "*.json")]
    assert names == ["a/2.json", "a/b/3.json", "b.json"]


def test_a_file_may_be_called_like_a_pattern(tmp_path: Path) -> None:
    path = written(tmp_path, "a[1].json", ONE)

    assert texts(path) == [(str(path), ONE)]


def test_what_is_not_there_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = written(tmp_path, "a.json", ONE)
    (tmp_path / "empty").mkdir()

    printed = texts(tmp_path / "none.json", tmp_path / "*.xml", path, tmp_path / "empty", "a\0b")

    assert sorted(printed) == sorted(
        [
            (str(tmp_path / "none.json"), b"cannot be read (No such file or directory)"),
            (str(tmp_path / "*.xml"), b"matches no file"),
            (str(path), ONE),
            (str(tmp_path / "empty"), b"holds no .json, .jsonl, .ndjson file"),
            ("a\0b", b"is not a valid file name"),
        ]
    )


def test_a_text_that_is_too_large_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    one = written(tmp_path, "one.json", b"{" + b" " * MAX_SIZE + b"}")
    many = written(tmp_path, "many.jsonl", ONE + b"\n{" + b" " * MAX_SIZE + b"}\n" + TWO)

    large, first, longer, last = documents(one, many)

    assert large.error.startswith("is larger than 16 MiB, expected the response about one asset, or JSON lines")
    assert (first.raw, last.raw, last.location) == (ONE, TWO, f"{many}:3")
    assert (longer.location, longer.error) == (f"{many}:2", "is longer than 16 MiB")
    assert sum(found.size for found in (first, longer, last)) == many.stat().st_size


def test_the_size_of_files_is_known_and_that_of_a_pipe_is_not(tmp_path: Path) -> None:
    path = written(tmp_path, "a.json", ONE)

    other = written(tmp_path, "b.json", TWO)

    assert find_files([str(path), str(other)]).size == len(ONE) + len(TWO)
    assert find_files([str(path), "-"]).size is None


def test_memory_does_not_grow_with_the_number_of_lines(tmp_path: Path) -> None:
    line = json.dumps({"public_id": "a", "filler": "x" * 1000}).encode() + b"\n"
    path = written(tmp_path, "many.jsonl", line * 30_000)

    tracemalloc.start()
    try:
        count = sum(1 for _ in read_documents(find_files([str(path)])))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert count == 30_000
    assert peak < 2 * 2**20


def test_a_pipe_is_read_as_it_comes() -> None:
    """The first documents are there before the last line is: a pipe may never end."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(ONE + b"\n" + TWO + b"\n")
        pipe.flush()

        coming = read_documents(find_files([f"/dev/fd/{reading}"]))

        assert [next(coming).raw, next(coming).raw] == [ONE, TWO]
    assert list(coming) == []
    os.close(reading)
