"""A record that is cut off, damaged or out of room: a file that it names as arrived has arrived."""

import resource
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autotag.domain.errors import Invalid
from autotag_cli.cloudinary.uploading.journal import JournalError
from autotag_cli.cloudinary.uploading.naming import Item
from tests.unit.autotag_cli.cloudinary.uploading.journal_records import ONE, STATE, TWO, reopened


def test_a_record_cut_off_anywhere_loses_at_most_the_file_that_was_being_written(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal = reopened(path)
    journal.record(ONE, STATE)
    complete = path.stat().st_size
    journal.record(TWO, STATE)
    journal.close()
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        journal = reopened(path)
        assert (journal.recorded_state(ONE) is not None) == (length >= complete)
        assert journal.recorded_state(TWO) is None
        journal.record(TWO, STATE)
        journal.close()
        journal = reopened(path)
        assert journal.recorded_state(TWO) == STATE
        journal.close()


def written(path: Path, *items: Item) -> list[bytes]:
    """Record ``items`` and return the lines of the record."""
    journal = reopened(path)
    for item in items:
        journal.record(item, STATE)
    journal.close()
    return path.read_bytes().splitlines(keepends=True)


THREE = Item("in/three.jpg", "three", {})


DAMAGE = [b"garbage\n", b"\0" * 300 + b"\n", b"\xff\xfe\n", b'{"path":"/a/b.jpg","si\n', b"{}\n"]


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_line_in_the_middle_costs_its_own_file_alone(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "journal.jsonl"
    head, one, _, three = written(path, ONE, TWO, THREE)
    path.write_bytes(head + one + damage + three)
    journal = reopened(path)
    assert (journal.recorded_state(ONE), journal.recorded_state(TWO), journal.recorded_state(THREE)) == (
        STATE,
        None,
        STATE,
    )
    assert journal.damaged == 1
    journal.record(TWO, STATE)
    journal.close()
    journal = reopened(path)
    assert [journal.recorded_state(item) for item in (ONE, TWO, THREE)] == [STATE] * 3
    journal.close()


def test_a_line_that_was_glued_to_one_that_was_cut_off_still_counts(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    head, one, two, _ = written(path, ONE, TWO, THREE)
    for length in range(1, len(one)):
        path.write_bytes(head + one[:length] + two)
        journal = reopened(path)
        assert (journal.recorded_state(ONE), journal.recorded_state(TWO)) == (
            STATE if length == len(one) - 1 else None,
            STATE,
        )
        journal.close()


@pytest.fixture
def small_disk() -> Iterator[Callable[[int], None]]:
    """Let no file of this process grow beyond so many bytes, 0 for as many as it likes; stands for a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda most: resource.setrlimit(resource.RLIMIT_FSIZE, (most or before[0], before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("room", [0, 1, 60])
def test_a_disk_that_is_full_for_a_moment_leaves_whole_lines_alone(
    tmp_path: Path, small_disk: Callable[[int], None], room: int
) -> None:
    path = tmp_path / "journal.jsonl"
    journal = reopened(path)
    journal.record(ONE, STATE)
    small_disk(path.stat().st_size + room)
    with pytest.raises(JournalError, match="cannot be written"):
        journal.record(TWO, STATE)
    small_disk(0)
    journal.record(THREE, STATE)
    journal.close()

    journal = reopened(path)
    assert (
        journal.damaged,
        journal.recorded_state(ONE),
        journal.recorded_state(TWO),
        journal.recorded_state(THREE),
    ) == (0, STATE, None, STATE)
    journal.close()


def test_a_record_that_there_is_no_room_to_begin_is_reported_and_begun_later(
    tmp_path: Path, small_disk: Callable[[int], None]
) -> None:
    path = tmp_path / "journal.jsonl"
    small_disk(20)
    with pytest.raises(JournalError, match="cannot be written"):
        reopened(path)
    small_disk(0)
    reopened(path).close()


def test_a_record_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Invalid, match="cannot be written"):
        reopened(tmp_path / "file" / "journal.jsonl")
