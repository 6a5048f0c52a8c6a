"""The package of the functions as ``sam build`` makes it: its byte code, and what a build without Python 3.13 says."""

import importlib.util
import marshal
import re
import shutil
import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

from local.core.paths import PROJECT
from local.stack import sam

CONSOLE_LAYER = "ConsoleLayer"
LAYERS = (CONSOLE_LAYER, "ExportLayer")
UNCHECKED_HASH = 0b01
"""The flags of byte code that is never compared with its source (PEP 552)."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder, with the built functions and the log of the build."""
    folder = tmp_path_factory.mktemp("built")
    sam.build(folder)
    return folder


@pytest.fixture(scope="module")
def package(folder: Path) -> Path:
    return folder / "build" / "WorkerFunction"


def test_one_build_makes_the_package_of_every_function(folder: Path) -> None:
    log = (folder / "sam-build.log").read_text("utf-8")
    assert log.count("Building codeuri") == 1
    made = re.findall(r"(\w+): Running CustomMakeBuilder:MakeBuild", log)
    assert len([name for name in made if name not in LAYERS]) == 1
    packages = [contents(path) for path in (folder / "build").iterdir() if path.is_dir() and path.name not in LAYERS]
    assert len(packages) == 9 and all(each == packages[0] for each in packages)


MOST_MEGABYTES = {"WorkerFunction": 12, CONSOLE_LAYER: 45}
"""Lambda loads a package before a cold start, so that each megabyte takes its time."""


@pytest.mark.parametrize("name", MOST_MEGABYTES)
def test_a_package_is_small(folder: Path, name: str) -> None:
    size = sum(len(content) for content in contents(folder / "build" / name).values())
    assert size < MOST_MEGABYTES[name] * 2**20


def test_what_only_the_console_needs_is_in_its_layer_alone_for_both_processors(folder: Path, package: Path) -> None:
    libraries = {path.name for path in (folder / "build" / CONSOLE_LAYER / "python").iterdir()}
    assert {"starlette", "jinja2", "mangum", "joserfc", "cryptography"} <= libraries
    assert {path.name for path in package.iterdir()}.isdisjoint(
        {"starlette", "jinja2", "cryptography", "duckdb", "numpy"}
    )
    native = {path.name for path in (folder / "build" / CONSOLE_LAYER).rglob("_rust*.so")}
    assert native == {f"_rust.cpython-313-{processor}-linux-gnu.so" for processor in ("aarch64", "x86_64")}


def test_the_layer_of_exports_has_duckdb_for_both_processors_under_names_of_this_python(folder: Path) -> None:
    layer = folder / "build" / "ExportLayer" / "python"
    tag = f"cpython-{sys.version_info.major}{sys.version_info.minor}"
    modules = {path.name for path in layer.glob("*.so")}
    assert modules == {f"_duckdb.{tag}-{processor}-linux-gnu.so" for processor in ("aarch64", "x86_64")}
    assert set(EXTENSION_SUFFIXES) & {name.removeprefix("_duckdb") for name in modules}
    assert (layer / "autotag_library" / "columns" / "write.py").is_file() and not list(layer.glob("numpy*"))
    parts = {path.name for path in (layer / "autotag_library").iterdir()}
    assert parts == {"__init__.py", "__pycache__", "columns"}  # what compares rules is never deployed


def test_the_layer_and_the_package_together_fit_into_a_function(folder: Path, package: Path) -> None:
    """250 MB unzipped, layers included (Lambda developer guide, *Lambda quotas*); the package alone stays small."""
    sizes = {
        path.name: sum(each.stat().st_size for each in path.rglob("*") if each.is_file())
        for path in (package, folder / "build" / "ExportLayer")
    }
    assert sizes["WorkerFunction"] < 16_000_000 and sum(sizes.values()) < 200_000_000


def test_no_function_has_what_the_layer_has(package: Path) -> None:
    assert not [path for path in package.iterdir() if path.name.lstrip("_").startswith(("duckdb", "autotag_library"))]


def test_every_module_has_byte_code_that_the_runtime_uses_without_a_look_at_the_source(package: Path) -> None:
    modules = list(package.rglob("*.py"))
    assert len(modules) > 200
    for module in modules:
        header = byte_code(module).read_bytes()[:16]
        assert header[:4] == importlib.util.MAGIC_NUMBER  # the tests run on the version of the runtime
        assert int.from_bytes(header[4:8], "little") == UNCHECKED_HASH
        assert header[8:] == importlib.util.source_hash(module.read_bytes())


def test_byte_code_names_the_paths_of_lambda_and_none_of_the_machine_that_built_it(package: Path) -> None:
    for module in package.rglob("*.py"):
        code = marshal.loads(byte_code(module).read_bytes()[16:])  # noqa: S302
        assert {each.co_filename for each in nested(code)} == {f"/var/task/{module.relative_to(package)}"}
    assert not [path for path in package.rglob("*") if path.is_file() and str(PROJECT).encode() in path.read_bytes()]


def test_the_version_that_compiles_is_that_of_the_runtime(source: dict[str, Any]) -> None:
    makefile = (PROJECT / "src" / "Makefile").read_text("utf-8")
    assert re.findall(r"^PYTHON := (.*)$", makefile, re.M) == [source["Globals"]["Function"]["Runtime"]]


def test_no_part_of_the_build_itself_is_in_the_package(package: Path) -> None:
    assert {path.name for path in package.iterdir()}.isdisjoint({"Makefile", "bin", ".libraries", "requirements.txt"})


def test_without_the_python_of_the_runtime_the_build_says_so_in_one_sentence(tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "bash").symlink_to("/bin/bash")
    done = subprocess.run(
        [str(shutil.which("make")), "build-WorkerFunction"],
        cwd=shutil.copytree(PROJECT / "src", tmp_path / "src"),
        env={"PATH": str(tools), "ARTIFACTS_DIR": str(tmp_path / "artifacts")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    sentence, *others = done.stderr.splitlines()
    assert done.returncode and not (tmp_path / "artifacts").exists()
    assert sentence.startswith("sam build needs python3.13 with pip on PATH, since ") and sentence.endswith(".")
    assert all(line.startswith("make: ***") for line in others)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def byte_code(module: Path) -> Path:
    return module.parent / "__pycache__" / f"{module.stem}.cpython-313.pyc"


def nested(code: CodeType) -> list[CodeType]:
    """Return a code object and all that are in it."""
    inner = [each for each in code.co_consts if isinstance(each, CodeType)]
    return [code, *(each for found in inner for each in nested(found))]
