"""How an exported file is read: in parts, line by line, and known by its first line."""

from itertools import islice
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autotag.domain.errors import Invalid
from autotag.domain.state.asset_state import AssetState
from autotag_cli.export.file_format import assets, header, is_export, parts
from tests.unit.autotag_cli.made_up_history import scanned


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
