"""The record of an upload: whatever happens to it, a file that it names as arrived has arrived."""

from pathlib import Path

import pytest

from autotag.domain.errors import Invalid
from cli.cloudinary.uploading.journal import Journal, Purpose, usual_path
from cli.cloudinary.uploading.naming import Item
from cli.cloudinary.uploading.sending import Call, Stamp
from cli.errors import Failure

CALL = Call("auto", {"type": "upload", "tags": "a"}, None)
PURPOSE = Purpose.of("demo", "https://api.cloudinary.com", CALL)
ONE, TWO = Item("in/one.jpg", "one", {}), Item("in/two\n.jpg", "two", {})
STAMP = Stamp(3, 1_791_460_800_000_000_001, "900150983cd24fb0d6963f7d28e17f72")


def reopened(path: Path, purpose: Purpose = PURPOSE) -> Journal:
    return Journal(path, purpose)


def test_what_was_recorded_is_there_for_the_next_run(tmp_path: Path) -> None:
    path = tmp_path / "new" / "journal.jsonl"
    journal = reopened(path)
    assert journal.has(ONE) is None
    journal.record(ONE, STAMP)
    journal.record(TWO, STAMP)
    journal.close()

    journal = reopened(path)
    assert (journal.has(ONE), journal.has(TWO)) == (STAMP, STAMP)
    assert journal.has(ONE._replace(public_id="other")) is None
    journal.close()


def test_the_last_record_of_a_file_counts(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal = reopened(path)
    journal.record(ONE, STAMP)
    journal.record(ONE, STAMP._replace(size=4))
    journal.close()
    journal = reopened(path)
    assert journal.has(ONE) == STAMP._replace(size=4)
    journal.close()


def test_a_record_cut_off_anywhere_loses_at_most_the_file_that_was_being_written(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal = reopened(path)
    journal.record(ONE, STAMP)
    complete = path.stat().st_size
    journal.record(TWO, STAMP)
    journal.close()
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        journal = reopened(path)
        assert (journal.has(ONE) is not None) == (length >= complete)
        assert journal.has(TWO) is None
        journal.record(TWO, STAMP)
        journal.close()
        journal = reopened(path)
        assert journal.has(TWO) == STAMP
        journal.close()


@pytest.mark.parametrize(
    ("purpose", "what"),
    [
        (Purpose.of("other", "https://api.cloudinary.com", CALL), "the cloud differ"),
        (Purpose.of("demo", "http://127.0.0.1:1", CALL), "the address differ"),
        (Purpose.of("demo", "https://api.cloudinary.com", CALL._replace(overwrite=True)), "the options differ"),
    ],
)
def test_the_record_of_another_upload_is_refused(tmp_path: Path, purpose: Purpose, what: str) -> None:
    path = tmp_path / "journal.jsonl"
    reopened(path).close()
    with pytest.raises(Invalid, match=what):
        reopened(path, purpose)
    reopened(path).close()  # and stays as it is


def test_two_uploads_do_not_share_a_record(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    first = reopened(path)
    with pytest.raises(Failure, match="another upload is writing"):
        reopened(path)
    first.close()
    reopened(path).close()


@pytest.mark.parametrize("text", [b"not json\n", b"{}\n", b'{"path":1}\n', b"\xff\n"])
def test_a_file_that_is_no_record_is_refused_and_left_as_it_is(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "photo-list.txt"
    path.write_bytes(text)
    with pytest.raises(Invalid, match=r"photo-list.txt:1: is no line of an upload's record"):
        reopened(path)
    assert path.read_bytes() == text


def test_a_damaged_line_in_the_middle_is_told_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal = reopened(path)
    journal.record(ONE, STAMP)
    journal.close()
    path.write_bytes(path.read_bytes() + b"garbage\n")
    with pytest.raises(Invalid, match=r"journal.jsonl:3: "):
        reopened(path)


def test_a_record_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Invalid, match="cannot be written"):
        reopened(tmp_path / "file" / "journal.jsonl")


def test_a_record_holds_nothing_of_what_is_asked_but_a_digest(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    Journal(
        path, Purpose.of("demo", "x", CALL._replace(fields={"notification_url": "https://x/?token=s3cr3t"}))
    ).close()
    assert b"s3cr3t" not in path.read_bytes()


def test_each_upload_has_a_record_of_its_own(tmp_path: Path) -> None:
    here = {"XDG_STATE_HOME": str(tmp_path)}
    paths = {
        usual_path(here, PURPOSE, ["a"]),
        usual_path(here, PURPOSE, ["b"]),
        usual_path(here, Purpose.of("other", "x", CALL), ["a"]),
    }
    assert len(paths) == 3 and all(path.parent == tmp_path / "autotag" for path in paths)
    assert usual_path(here, PURPOSE, ["a", "b"]) == usual_path(here, PURPOSE, ["./b", "a/"])
    assert usual_path({"HOME": "/home/x"}, PURPOSE, ["a"]).parent == Path("/home/x/.local/state/autotag")
