"""``autotag export``: every asset of a stack in one file, whatever interrupts it; and how such files are read."""

import fcntl
import json
import os
import resource
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autotag.domain.errors import Invalid
from autotag.domain.state.asset_state import AssetState
from autotag_cli.export.file_format import assets, header, is_export, parts
from autotag_cli.export.write import ExportPaths, is_at
from autotag_cli.stack.target import Reply
from tests.unit.autotag_cli.fake_ops import FakeOps, refusal
from tests.unit.autotag_cli.made_up_history import Known, history, scanned
from tests.unit.autotag_cli.run_command import autotag, fake_environment

ASSETS = 1000


@pytest.fixture(scope="module")
def states() -> dict[str, AssetState]:
    return {state.asset.asset_id: state for state in history({"Dog": Known(0.5, 0.7, ASSETS)}, 1)}


@pytest.fixture
def ops(states: dict[str, AssetState]) -> FakeOps:
    found = FakeOps()
    found.states = dict(states)
    return found


def ids(path: Path) -> list[str]:
    first, *lines = path.read_text().splitlines()
    assert json.loads(first)["autotag_export"] == 1
    return [json.loads(line)["asset"]["asset_id"] for line in lines]


def test_every_asset_is_in_the_file_once_as_the_stack_has_it(ops: FakeOps, tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"

    result = autotag("export", path, "--stack", "prod", obj=fake_environment(ops))

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{path}: 1,000 assets of prod\n"
    assert sorted(ids(path)) == sorted(ops.states)
    assert [each for each in tmp_path.iterdir()] == [path]
    head = json.loads(path.read_text().splitlines()[0])
    assert head["stack"] == "prod" and head["at"].endswith("Z")
    read = {each.asset.asset_id: each for part in parts(str(path)) for each in assets(part)}
    assert read == {key: scanned(state) for key, state in ops.states.items()}


class Breaking:
    """A transport that answers some requests, and then is down until it is mended."""

    def __init__(self, ops: FakeOps, answers: int) -> None:
        self._ops, self.left = ops, answers

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        self.left -= 1
        return self._ops(url, headers, body) if self.left >= 0 else refusal(503, "the table is down")


@pytest.mark.parametrize("answers", [0, 1, 3, 6, 7])
def test_an_interrupted_export_goes_on_where_it_was(answers: int, ops: FakeOps, tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    path.write_text("the last one")
    broken = Breaking(ops, answers)

    first = autotag("export", path, "--stack", "prod", obj=fake_environment(broken))

    assert (first.exit_code, first.stdout) == (1, "")
    assert (
        "the table is down" in first.stderr
        and "run the same command again to continue where it stopped" in first.stderr
    )
    assert path.read_text() == "the last one"  # what is not whole replaces nothing
    progress = tmp_path / "all.jsonl.progress"
    done = json.loads(progress.read_bytes())["assets"] if progress.exists() else None
    with (tmp_path / "all.jsonl.part").open("ab") as part:
        part.write(b'{"asset": torn')  # killed while it was writing
    broken.left = 100
    second = autotag("export", path, "--stack", "prod", obj=fake_environment(broken))

    assert second.exit_code == 0, second.stderr
    assert second.stderr == ("" if done is None else f"Continuing after {done:,} assets.\n")
    assert sorted(ids(path)) == sorted(ops.states)
    assert [each for each in tmp_path.iterdir()] == [path]


def test_a_person_who_stops_it_is_told_how_it_goes_on(tmp_path: Path) -> None:
    def stopped(url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        raise KeyboardInterrupt

    result = autotag("export", tmp_path / "x", "--stack", "prod", obj=fake_environment(stopped))

    assert result.exit_code not in (0, 2)
    assert "Stopped: run the same command again to continue where it stopped." in result.stderr


@pytest.mark.parametrize(
    ("progress", "part", "sentence"),
    [
        (b"{}", b"", "x.progress: is not the progress of an export"),
        (b'{"x":' + b"[" * 100_000, b"", "x.progress: is not the progress of an export"),
        (b'{"stack": "test", "size": 0, "assets": 0, "cursors": {}}', b"", "x.progress: is of an export of test"),
        (b'{"stack": "prod", "size": 9, "assets": 1, "cursors": {}}', b"12345678", "x.part: is shorter than"),
        (b'{"stack": "prod", "size": 9, "assets": 1, "cursors": {}}', b"1234567890", "x.part: holds something else"),
    ],
)
def test_what_cannot_be_gone_on_with_is_told_and_left(
    progress: bytes, part: bytes, sentence: str, ops: FakeOps, tmp_path: Path
) -> None:
    (tmp_path / "x.progress").write_bytes(progress)
    (tmp_path / "x.part").write_bytes(part)

    result = autotag("export", tmp_path / "x", "--stack", "prod", obj=fake_environment(ops))

    assert (result.exit_code, ops.received) == (2, [])
    assert sentence in result.stderr
    assert ((tmp_path / "x.progress").read_bytes(), (tmp_path / "x.part").read_bytes()) == (progress, part)


def test_a_part_that_is_no_export_is_never_written_to(ops: FakeOps, tmp_path: Path) -> None:
    (tmp_path / "x.part").write_bytes(b"my notes")
    result = autotag("export", tmp_path / "x", "--stack", "prod", obj=fake_environment(ops))
    assert (result.exit_code, ops.received, (tmp_path / "x.part").read_bytes()) == (2, [], b"my notes")
    assert "x.part: holds something else than an export" in result.stderr


def test_a_link_in_the_place_of_a_part_is_not_followed(ops: FakeOps, tmp_path: Path) -> None:
    (tmp_path / "notes").write_bytes(b"my notes")
    (tmp_path / "x.part").symlink_to(tmp_path / "notes")
    result = autotag("export", tmp_path / "x", "--stack", "prod", obj=fake_environment(ops))
    assert (result.exit_code, ops.received, (tmp_path / "notes").read_bytes()) == (2, [], b"my notes")
    assert "x.part: is a link" in result.stderr


def test_a_part_that_is_no_file_is_named(ops: FakeOps, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.part")
    result = autotag("export", tmp_path / "x", "--stack", "prod", obj=fake_environment(ops))
    assert (result.exit_code, ops.received) == (2, []) and "x.part: " in result.stderr


def test_a_file_that_cannot_be_written_is_told_before_anything_is_asked(ops: FakeOps, tmp_path: Path) -> None:
    path = tmp_path / "none" / "x"

    result = autotag("export", path, "--stack", "prod", obj=fake_environment(ops))

    assert result.exit_code == 2
    assert (result.stderr, ops.received) == (f"autotag: {path}: cannot be written (No such file or directory)\n", [])


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold a file as another export does."""
    with path.open("ab") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


@pytest.mark.parametrize("name", ["x", "./x", "link"])
def test_of_two_exports_into_one_file_the_second_is_refused_and_asks_nothing(
    name: str, ops: FakeOps, tmp_path: Path
) -> None:
    (tmp_path / "x").write_text("the last one")
    (tmp_path / "link").symlink_to("x")
    (tmp_path / "x.part").write_text("what the other one has written")

    with held(tmp_path / "x.part"):
        result = autotag("export", tmp_path / name, "--stack", "prod", obj=fake_environment(ops))

    assert (result.exit_code, ops.received) == (1, [])
    sentence = f"another export is writing {tmp_path / name}: wait for it, or name another file"
    assert result.stderr == f"autotag: {sentence}\n"
    assert (tmp_path / "x").read_text() == "the last one"
    assert (tmp_path / "x.part").read_text() == "what the other one has written"


def test_an_export_that_is_over_keeps_nobody_from_the_next(ops: FakeOps, tmp_path: Path) -> None:
    for _ in range(2):
        assert autotag("export", tmp_path / "x", "--stack", "prod", obj=fake_environment(ops)).exit_code == 0
    assert len(ids(tmp_path / "x")) == ASSETS


def test_a_file_that_another_export_puts_in_its_place_meanwhile_is_not_written_to(tmp_path: Path) -> None:
    """Between opening and locking ``x.part`` the other one may end: then that is ``x``, whole, and not ours."""
    paths = ExportPaths(str(tmp_path / "x"))
    with paths.part.open("ab") as stream:
        paths.part.replace(paths.whole)

        assert not is_at(stream, paths.part)
        paths.part.write_bytes(b"a third one")
        assert not is_at(stream, paths.part)


def test_a_link_stands_for_the_file_that_it_leads_to(ops: FakeOps, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("x")

    assert autotag("export", tmp_path / "link", "--stack", "prod", obj=fake_environment(ops)).exit_code == 0
    assert (tmp_path / "link").is_symlink() and len(ids(tmp_path / "x")) == ASSETS


@pytest.mark.parametrize("name", ["/dev/null", "/dev/full", "-", "folder", "pipe", "open pipe"])
def test_what_no_file_can_replace_is_refused_before_anything_is_asked(name: str, ops: FakeOps, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    reading, writing = os.pipe()
    paths = {"folder": f"{tmp_path}/folder", "pipe": f"{tmp_path}/pipe", "open pipe": f"/dev/fd/{writing}"}
    path = paths.get(name, name)
    try:
        result = autotag("export", path, "--stack", "prod", obj=fake_environment(ops))
    finally:
        os.close(reading)
        os.close(writing)

    assert (result.exit_code, ops.received) == (2, [])
    assert result.stderr.startswith(f"autotag: {path}: is not a regular file")
    assert Path("/dev/null").is_char_device() and not Path("/dev/null.part").exists()


@contextmanager
def disk_of(size: int) -> Iterator[None]:
    """Let no file grow beyond ``size`` bytes, as a full disk does: a write takes a part, the next one fails."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [0, 20, 300_000, 301_111])
def test_a_full_disk_is_a_sentence_that_says_how_to_go_on_and_nothing_is_lost(
    size: int, ops: FakeOps, tmp_path: Path
) -> None:
    path = tmp_path / "x"
    path.write_text("the last one")
    with disk_of(size):
        first = autotag("export", path, "--stack", "prod", obj=fake_environment(ops))

    goes_on = "run the same command again to continue where it stopped"
    assert (first.exit_code, first.stderr) == (1, f"autotag: {path}: cannot be written (File too large); {goes_on}\n")
    assert path.read_text() == "the last one"
    second = autotag("export", path, "--stack", "prod", obj=fake_environment(ops))

    assert second.exit_code == 0, second.stderr
    assert sorted(ids(path)) == sorted(ops.states)
    assert sorted(tmp_path.iterdir()) == [path]


@pytest.fixture(scope="module")
def lines(states: dict[str, AssetState]) -> list[bytes]:
    return [msgspec.json.encode(scanned(state)) for state in list(states.values())[:20]]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(size=st.integers(1, 20_000), ended=st.booleans(), count=st.integers(0, 20))
def test_parts_of_any_size_hold_every_asset_once(
    size: int, ended: bool, count: int, lines: list[bytes], tmp_path: Path
) -> None:
    path = tmp_path / "x"
    path.write_bytes(header("prod", "now") + b"\n".join(lines[:count]) + (b"\n" if ended and count else b""))

    read = [each for part in parts(str(path), size) for each in assets(part)]

    assert [msgspec.json.encode(each) for each in read] == lines[:count]


@pytest.mark.parametrize(("broken", "line"), [(0, 2), (7, 9), (19, 21)])
@pytest.mark.parametrize("text", [b"{", b'{"asset": 1}', b"\xff", b"[]", b'{"x":' + b"[" * 9999])
def test_a_line_that_is_no_asset_is_named(
    text: bytes, broken: int, line: int, lines: list[bytes], tmp_path: Path
) -> None:
    path = tmp_path / "x"
    found = [text if n == broken else each for n, each in enumerate(lines)]
    path.write_bytes(header("prod", "now") + b"\n".join(found))

    with pytest.raises(Invalid, match=f"x:{line}: expected an exported asset"):
        for part in parts(str(path), 3000):
            list(assets(part))


def test_a_line_without_an_end_is_not_read_whole(lines: list[bytes], tmp_path: Path) -> None:
    path = tmp_path / "x"
    with path.open("wb") as stream:
        stream.write(header("prod", "now") + lines[0] + b"\n")
        stream.truncate(50 * 2**30)

    first, second = islice(parts(str(path)), 2)
    with pytest.raises(Invalid, match="x:3: expected an exported asset"):
        list(assets(first))
    assert list(assets(second)) == []


def test_an_export_is_known_by_its_first_line(tmp_path: Path) -> None:
    path = tmp_path / "x"
    assert not is_export(str(path)) and not is_export("-") and not is_export(str(tmp_path))
    for text, known in ((b"", False), (b'{"asset_id": "a"}\n', False), (header("prod", "now"), True)):
        path.write_bytes(text)
        assert is_export(str(path)) is known
    path.write_bytes(b'{"autotag_export":2,"stack":"prod","at":"now"}\n')
    with pytest.raises(Invalid, match="x:1: is an export of format version 2, expected 1: export it again"):
        is_export(str(path))
