"""``autotag labels import``: AWS's files as they are, a list of one's own, and one sentence for everything else."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.autotag_cli.labels.published_files import ALIASES, ALL, CATEGORIES, LABELS, MAPPING, published, zipped
from tests.unit.autotag_cli.run_command import autotag

ZIP = "AmazonRekognitionLabels_v3.0.zip"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def stored() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(".autotag/labels.json").read_text("utf-8"))
    return found


def test_the_published_zip_is_read_with_its_encodings_model_aliases_and_categories() -> None:
    files = {f"AmazonRekognitionLabels_v3.0/{name}": text for name, text in published().items()}
    files |= {f"__MACOSX/AmazonRekognitionLabels_v3.0/{ALL}": b"\x00\x05", "readme.txt": b"\x00"}
    result = autotag("labels", "import", zipped(Path(ZIP), files))

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == ".autotag/labels.json: 15 labels of label model 3.0, 4 aliases, 4 categories\n"
    found = stored()
    assert (found["autotag_label_list"], found["model"], found["source"]) == (1, "3.0", ZIP)
    assert set(found["labels"]) == {*LABELS, "Body Part"}
    assert found["labels"]["Person"] == {"aliases": ["Human"], "categories": ["People"]}
    assert found["labels"]["Car"] == {"aliases": ["Automobile", "Auto", "Motorcar"], "categories": ["Things"]}
    assert found["labels"]["Crème Brûlée"] == {"categories": ["Things"]}


@pytest.mark.parametrize("name", ["", ".", "./"])
def test_an_entry_of_a_zip_without_a_name_is_left_out(name: str) -> None:
    path = zipped(Path(ZIP), published())
    with zipfile.ZipFile(path, "a") as archive:
        entry = zipfile.ZipInfo("x")
        entry.filename = name
        archive.writestr(entry, b"")
    result = autotag("labels", "import", path)
    assert (result.exit_code, result.stderr) == (0, "")
    assert len(stored()["labels"]) == 15


def test_a_folder_with_the_files_is_read_like_the_zip(folder: Path) -> None:
    (folder / "list").mkdir()
    for name, text in {**published(), f"._{ALL}": b"\x00", "notes.txt": b""}.items():
        (folder / "list" / name).write_bytes(text)
    assert autotag("labels", "import", "list/").stdout.startswith(".autotag/labels.json: 15 labels of label model 3.0")
    assert stored()["source"] == "list"


def test_a_list_of_ones_own_replaces_the_one_before(folder: Path) -> None:
    autotag("labels", "import", zipped(Path(ZIP), published()))
    (folder / "own.csv").write_bytes("\ufeffCategory, Label \r\nPets,Dog\r\nZoo,dog\r\n,Oboe\r\n".encode())
    result = autotag("labels", "import", "own.csv")

    assert result.stdout == (".autotag/labels.json: 2 labels of the imported list own.csv, 0 aliases, 2 categories\n")
    assert stored() == {
        "autotag_label_list": 1,
        "model": "",
        "source": "own.csv",
        "labels": {"Dog": {"categories": ["Pets", "Zoo"]}, "Oboe": {}},
    }


def without(name: str) -> Callable[[Path], Path]:
    return lambda path: zipped(path, {each: text for each, text in published().items() if each != name})


def with_file(name: str, text: bytes) -> Callable[[Path], Path]:
    return lambda path: zipped(path, published() | {name: text})


def alone(data: bytes) -> Callable[[Path], Path]:
    def written(path: Path) -> Path:
        path.write_bytes(data)
        return path

    return written


def lying(path: Path) -> Path:
    """Write a zip whose file has more bytes than it says."""
    zipped(path, published() | {"big.csv": b"0" * (6 * 2**20)})
    data = bytearray(path.read_bytes())
    size = (6 * 2**20).to_bytes(4, "little")
    path.write_bytes(bytes(data.replace(size, (100).to_bytes(4, "little"))))
    return path


def encrypted(path: Path) -> Path:
    zipped(path, published())
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    path.write_bytes(bytes(data))
    return path


def corrupt(compression: int) -> Callable[[Path], Path]:
    """Write a zip whose first file is not what its compression makes."""

    def written(path: Path) -> Path:
        zipped(path, published(), compression)
        data = bytearray(path.read_bytes())
        at = data.index(ALL.encode()) + len(ALL)
        data[at + 9 : at + 25] = b"\xff" * 16
        return alone(bytes(data))(path)

    return written


def twice(path: Path) -> Path:
    return zipped(path, {f"a/{ALL}": b"", f"b/{ALL}": b"", **{k: v for k, v in published().items() if k != ALL}})


def truncated(path: Path) -> Path:
    zipped(path, published())
    return alone(path.read_bytes()[:300])(path)


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (without(ALL), f"list.zip: lacks {ALL}"),
        (without(ALIASES), f"list.zip: lacks {ALIASES}"),
        (without(MAPPING), f"list.zip: lacks {MAPPING}"),
        (with_file(ALL, b"Name\r\nDog\r\n"), f"list.zip: {ALL}: lacks the column 'Label'"),
        (with_file(MAPPING, b"Label\r\nDog\r\n"), f"list.zip: {MAPPING}: lacks the column 'Label Category'"),
        (with_file(ALIASES, b""), f"list.zip: {ALIASES}: lacks the column 'Label'"),
        (with_file(ALL, b"Label\nD\x81g\n"), f"list.zip: {ALL}: expected UTF-8 or Windows-1252"),
        (with_file(ALL, b'Label\n"Dog\n'), f"list.zip: {ALL}, line 2: is no CSV (unexpected end of data)"),
        (with_file(ALL, b"Label\nDog\n\x1b[2J\n"), f"list.zip: {ALL}, line 3: expected names of visible characters"),
        (
            with_file("AmazonRekognitionAllLabels_v2.0.csv", b"Label\n"),
            "list.zip: holds files of the models 2.0 and 3.0, expected those of one",
        ),
        (
            with_file("bomb.csv", b"0" * (6 * 2**20)),
            "list.zip: unpacks to more than 5 MiB, which no list of labels has",
        ),
        (lying, "list.zip: is a damaged zip: fetch it again (Bad CRC-32 for file 'big.csv')"),
        (with_file("../../evil.csv", b""), "list.zip: holds '../../evil.csv', a path outside of the zip"),
        (with_file("/etc/evil.csv", b""), "list.zip: holds '/etc/evil.csv', a path outside of the zip"),
        (with_file("..\\evil.csv", b""), "list.zip: holds '..\\\\evil.csv', a path outside of the zip"),
        (with_file("C:\\evil.csv", b""), "list.zip: holds 'C:\\\\evil.csv', a path outside of the zip"),
        (twice, f"list.zip: holds {ALL} twice"),
        (encrypted, f"list.zip: {ALL} in it is encrypted: unpack it, and import the folder"),
        (truncated, "list.zip: is a damaged zip: fetch it again"),
        (corrupt(zipfile.ZIP_LZMA), "list.zip: is a damaged zip: fetch it again (Corrupt input data)"),
        (corrupt(zipfile.ZIP_BZIP2), "list.zip: is a damaged zip: fetch it again (Invalid data stream)"),
        (
            lambda path: zipped(path, {f"{n}.txt": b"" for n in range(101)}),
            "list.zip: holds 101 files, expected at most 100",
        ),
        (
            lambda path: zipped(path, {"other.csv": b"label,category\nDog,Pets\n"}),
            "list.zip: holds no AmazonRekognitionAllLabels_v….csv, expected the files of AWS's list",
        ),
        (alone(b"name,kind\nDog,Pets\n"), "list.zip: lacks the column 'Label'"),
        (alone(b"label\nDog\n"), "list.zip: lacks the column 'Category'"),
        (alone(b"label,category\n"), "list.zip: holds no label"),
        (alone(b"0" * (5 * 2**20 + 1)), "list.zip: is larger than 5 MiB"),
    ],
)
def test_anything_else_is_one_sentence_and_nothing_is_stored(made: Callable[[Path], Path], sentence: str) -> None:
    result = autotag("labels", "import", made(Path("list.zip")))

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"autotag: {sentence}\n"
    assert not Path(".autotag").exists()


def test_a_folder_without_the_files_and_a_missing_file_are_one_sentence(folder: Path) -> None:
    (folder / "empty").mkdir()
    result = autotag("labels", "import", "empty")
    assert (result.exit_code, result.stderr) == (
        2,
        "autotag: empty: holds no AmazonRekognitionAllLabels_v….csv, expected the files of AWS's list\n",
    )
    result = autotag("labels", "import", "nowhere.zip")
    assert (result.exit_code, result.stderr) == (
        2,
        "autotag: nowhere.zip: cannot be read (No such file or directory)\n",
    )


def test_a_folder_of_large_files_is_refused(folder: Path) -> None:
    (folder / "list").mkdir()
    for name in (ALL, MAPPING):
        (folder / "list" / name).write_bytes(b"0" * (3 * 2**20))
    assert autotag("labels", "import", "list").stderr == (
        "autotag: list: unpacks to more than 5 MiB, which no list of labels has\n"
    )


def test_the_categories_file_is_not_needed() -> None:
    assert autotag("labels", "import", without(CATEGORIES)(Path(ZIP))).exit_code == 0


def test_a_refused_list_leaves_the_one_before() -> None:
    autotag("labels", "import", zipped(Path(ZIP), published()))
    before = Path(".autotag/labels.json").read_bytes()
    assert autotag("labels", "import", without(ALL)(Path("list.zip"))).exit_code == 2
    assert Path(".autotag/labels.json").read_bytes() == before


def test_the_stored_list_is_git_ignored() -> None:
    ignored = Path(__file__).resolve().parents[4].joinpath(".gitignore").read_text("utf-8").splitlines()
    assert ".autotag/" in ignored


def test_no_zip_is_unpacked_into_a_folder(folder: Path) -> None:
    autotag("labels", "import", zipped(Path(ZIP), published()))
    assert sorted(path.name for path in folder.rglob("*")) == [".autotag", ZIP, "labels.json"]
    assert zipfile.is_zipfile(ZIP)
