"""The record of an upload: what it keeps for the next run, and which files are no record of it."""

import os
from pathlib import Path

import pytest

from autotag.domain.errors import Invalid
from autotag_cli.cloudinary.uploading.journal import Journal
from autotag_cli.cloudinary.uploading.journal_header import JournalHeader, default_path
from autotag_cli.cloudinary.uploading.naming import Item
from autotag_cli.errors import Failure
from tests.unit.autotag_cli.cloudinary.uploading.journal_records import CALL, HEADER, ONE, STATE, TWO, reopened


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
