"""``make release``: the wheel, a packaged stack for each processor, and their checksums, the same every time."""

import hashlib
import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.commands.release import ARCHITECTURES, CHECKSUMS, build_release, project_version
from local.core.errors import LocalError

VERSION = project_version()
PACKAGES = [f"autotag-{VERSION}-{architecture}" for architecture in ARCHITECTURES]


def members(archive: bytes) -> dict[str, bytes]:
    """Return the files of a zip by name."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def packaged(dist: Path, package: str) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Return the files of a packaged stack, by name in its folder, and its template."""
    files = {name.removeprefix(f"{package}/"): body for name, body in members(read(dist, package)).items()}
    return files, yaml.safe_load(files["template.yaml"])


def read(dist: Path, package: str) -> bytes:
    return (dist / f"{package}.zip").read_bytes()


def test_the_installed_command_says_the_version_of_the_release() -> None:
    command = (str(Path(sys.executable).parent / "autotag"), "--version")
    assert subprocess.check_output(command, text=True, timeout=60) == f"autotag {VERSION}\n"


def test_a_release_has_the_wheel_a_stack_for_each_processor_and_their_checksums(dist: Path) -> None:
    wheel = f"autotag-{VERSION}-py3-none-any.whl"
    assert {path.name for path in dist.iterdir()} == {wheel, *(f"{each}.zip" for each in PACKAGES), CHECKSUMS}
    lines = [line.split("  ") for line in (dist / CHECKSUMS).read_text().splitlines()]
    assert {name for _, name in lines} == {path.name for path in dist.iterdir()} - {CHECKSUMS}
    assert all(hashlib.sha256((dist / name).read_bytes()).hexdigest() == digest for digest, name in lines)


def test_a_second_release_has_the_same_checksums(dist: Path, tmp_path: Path) -> None:
    """Each build begins with an empty folder and without SAM's cache."""
    build_release(tmp_path / "again", "", print)
    assert (tmp_path / "again" / CHECKSUMS).read_text() == (dist / CHECKSUMS).read_text()


@pytest.mark.parametrize("package", PACKAGES)
def test_a_packaged_stack_holds_the_code_of_every_function(dist: Path, package: str) -> None:
    files, template = packaged(dist, package)
    functions = [each for each in template["Resources"].values() if each["Type"] == "AWS::Serverless::Function"]
    assert len(functions) >= 4 and "samconfig.toml" in files
    for function in functions:
        code = members(files[function["Properties"]["CodeUri"]])
        assert f"{function['Properties']['Handler'].rpartition('.')[0].replace('.', '/')}.py" in code
        assert "autotag/default_rules.toml" in code and "msgspec/__init__.py" in code


@pytest.mark.parametrize(("package", "architecture"), list(zip(PACKAGES, ARCHITECTURES, strict=True)))
def test_a_packaged_stack_deploys_for_its_processor_and_has_the_libraries_of_both(
    dist: Path, package: str, architecture: str
) -> None:
    files, template = packaged(dist, package)
    assert template["Parameters"]["Architecture"]["Default"] == architecture
    archives = [members(body) for name, body in files.items() if name.endswith(".zip")]
    native = [native_modules(archive) for archive in archives]
    assert all(each == {"aarch64", "x86_64"} for modules in native for each in modules.values())
    names = {name for modules in native for name in modules}
    assert {"msgspec/_core", "python/cryptography/hazmat/bindings/_rust"} <= names


def native_modules(files: Iterable[str]) -> dict[str, set[str]]:
    """Return the processors of every native module."""
    found: dict[str, set[str]] = {}
    for name in files:
        if match := re.fullmatch(r"(.*)\.cpython-313-(\w+)-linux-gnu\.so", name):
            found.setdefault(match[1], set()).add(match[2])
    return found


def test_a_tag_of_another_version_is_refused_before_anything_is_built(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match=f"expected v{VERSION}"):
        build_release(tmp_path / "dist", "v0.0.1", print)
    assert not (tmp_path / "dist").exists()
