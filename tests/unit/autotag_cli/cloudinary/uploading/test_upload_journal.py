"""The record of an upload: whatever happens to it, a file that it names as arrived has arrived."""

import os
import resource
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autotag.domain.errors import Invalid
from autotag_cli.cloudinary.uploading.file_state import FileState
from autotag_cli.cloudinary.uploading.journal import Journal, JournalError
from autotag_cli.cloudinary.uploading.journal_header import JournalHeader, default_path
from autotag_cli.cloudinary.uploading.naming import Item
from autotag_cli.cloudinary.uploading.send import Call
from autotag_cli.errors import Failure

CALL = Call("auto", {"type": "upload", "tags": "a"}, None)
HEADER = JournalHeader.of("demo", "https://api.cloudinary.com", CALL)
ONE, TWO = Item("in/one.jpg", "one", {}), Item("in/two\n.jpg", "two", {})
STATE = FileState(3, 1_791_460_800_000_000_001, "900150983cd24fb0d6963f7d28e17f72")


def reopened(path: Path, header: JournalHeader = HEADER) -> Journal:
    return Journal(path, header)


def test_what_was_recorded_is_there_for_the_next_run(tmp_path: Path) -> None:
    path = tmp_path / "new" / "journal.jsonl"
    journal = reopened(path)
    assert journal.recorded_state(ONE) is None
    journal.record(ONE, STATE)
    journal.record(TWO, STATE)
    journal.close()

    journal = reopened(path)
    assert (journal.recorded_state(ONE), journal.recorded_state(TWO)) == (STATE, STATE)
    assert journal.recorded_state(ONE._replace(public_id="other")) is None
    journal.close()


def test_the_last_record_of_a_file_counts(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal = reopened(path)
    journal.record(ONE, STATE)
    journal.record(ONE, STATE._replace(size=4))
    journal.close()
    journal = reopened(path)
    assert journal.recorded_state(ONE) == STATE._replace(size=4)
    journal.close()


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


@pytest.mark.parametrize(
    ("header", "what"),
    [
        (JournalHeader.of("other", "https://api.cloudinary.com", CALL), "the cloud differ"),
        (JournalHeader.of("demo", "http://127.0.0.1:1", CALL), "the address differ"),
        (JournalHeader.of("demo", "https://api.cloudinary.com", CALL._replace(overwrite=True)), "the options differ"),
    ],
)
def test_the_record_of_another_upload_is_refused(tmp_path: Path, header: JournalHeader, what: str) -> None:
    path = tmp_path / "journal.jsonl"
    reopened(path).close()
    with pytest.raises(Invalid, match=what):
        reopened(path, header)
    reopened(path).close()  # and stays as it is


def test_two_uploads_do_not_share_a_record(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    first = reopened(path)
    with pytest.raises(Failure, match="another upload is writing"):
        reopened(path)
    first.close()
    reopened(path).close()


FOREIGN = [
    b"not json\n", b"{}\n", b'{"path":1}\n', b"\xff\n", b"words without a line break", b"\nbegins with an empty line\n",
    b'{"a":1}', b'[{"path":"/a"}]', b"\xff\xd8\xff\xe0JFIF", b"\0" * 4096, b" ", b"\n", b"x" * 200_000,
    b'{"cloud_name":"other","api_b',
]  # fmt: skip


@pytest.mark.parametrize("text", FOREIGN, ids=lambda text: ascii(text[:20]))
def test_a_file_that_is_no_record_is_refused_and_left_as_it_is(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "photo-list.txt"
    path.write_bytes(text)
    before = path.stat()
    with pytest.raises(Invalid, match=r"photo-list.txt:1: is not a line of an upload's record"):
        reopened(path)
    assert path.read_bytes() == text
    assert path.stat().st_mtime_ns == before.st_mtime_ns


def test_an_empty_file_is_a_record_to_be(tmp_path: Path) -> None:
    path = tmp_path / "made-by-mktemp"
    path.touch()
    journal = reopened(path)
    journal.record(ONE, STATE)
    journal.close()
    journal = reopened(path)
    assert journal.recorded_state(ONE) == STATE
    journal.close()


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, Path(os.devnull)):
        with pytest.raises(Invalid, match="is not a regular file"):
            reopened(path)


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


@pytest.mark.parametrize("name", ["caf\udce9", "\udcff\udcfe", "a\\xe9", "\udce9\n"])
def test_a_path_that_is_not_utf8_is_recorded(tmp_path: Path, name: str) -> None:
    path = tmp_path / "journal.jsonl"
    item, other = Item(f"/{name}/a.jpg", "a", {}), Item("/caf\\udce9/a.jpg", "a", {})
    journal = reopened(path)
    journal.record(item, STATE)
    journal.close()
    journal = reopened(path)
    assert (journal.recorded_state(item), journal.recorded_state(other)) == (STATE, None)
    journal.close()
    assert default_path({"HOME": "/x"}, HEADER, [name]) != default_path({"HOME": "/x"}, HEADER, ["caf\\udce9"])


def test_when_an_upload_began_is_recorded_once(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    times = iter([5, 9])
    for _ in range(2):
        journal = reopened(path)
        journal.record(ONE, STATE)
        assert journal.began(lambda: next(times)) == 5
        journal.close()


def test_a_record_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Invalid, match="cannot be written"):
        reopened(tmp_path / "file" / "journal.jsonl")


def test_a_record_holds_nothing_of_what_is_asked_but_a_digest(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    Journal(
        path, JournalHeader.of("demo", "x", CALL._replace(fields={"notification_url": "https://x/?token=s3cr3t"}))
    ).close()
    assert b"s3cr3t" not in path.read_bytes()


def test_each_upload_has_a_record_of_its_own(tmp_path: Path) -> None:
    here = {"XDG_STATE_HOME": str(tmp_path)}
    paths = {
        default_path(here, HEADER, ["a"]),
        default_path(here, HEADER, ["b"]),
        default_path(here, JournalHeader.of("other", "x", CALL), ["a"]),
    }
    assert len(paths) == 3 and all(path.parent == tmp_path / "autotag" for path in paths)
    assert default_path(here, HEADER, ["a", "b"]) == default_path(here, HEADER, ["./b", "a/"])
    assert default_path({"HOME": "/home/x"}, HEADER, ["a"]).parent == Path("/home/x/.local/state/autotag")
