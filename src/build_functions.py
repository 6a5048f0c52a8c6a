"""Build the package of the functions: the libraries, the code, and the byte code of both.

    python3.13 build_functions.py ARTIFACTS_DIR

`sam build` runs it through the Makefile, once for each function. All functions have the same package, so the first run
makes it and the others copy it. No function runs this module.

Lambda cannot write byte code beside the code, so each cold start would compile what it imports. The byte code is not
compared with its source, since SAM dates every file 1980 (source: github.com/aws/aws-lambda-builders/issues/924).
It names files as Lambda sees them, and is the same wherever and whenever it is built.

SAM does not say which processor it builds for (source: github.com/aws/aws-sam-cli/issues/3349). Compiled libraries have
the processor in their names, so the package holds those of both, and runs on both.
"""

import compileall
import fcntl
import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from py_compile import PycInvalidationMode

NEEDED = "3.13"
"""The Python of the functions: it reads no byte code of another minor version."""

PACKAGES = ("autotag", "handlers")
PROCESSORS = ("aarch64", "x86_64")
GLIBC = ("manylinux_2_34", "manylinux_2_28", "manylinux_2_17", "manylinux2014")
"""Wheels for Amazon Linux 2023 with its glibc 2.34. Source: docs.aws.amazon.com/linux/al2023/ug/compare-with-al2.html"""

LAMBDA = "/var/task"
"""Lambda's folder of the code."""

SOURCE = Path(__file__).resolve().parent
REQUIREMENTS = SOURCE / "requirements.txt"


class BuildError(Exception):
    """One sentence that says what is wrong and what was expected."""


def main(arguments: Sequence[str]) -> int:
    """Put the package into the folder that the arguments name; return 1 after a sentence about what is wrong."""
    try:
        check_python(sys.executable, platform.python_version(), has_pip=importlib.util.find_spec("pip") is not None)
        put_package(Path(arguments[0]).resolve())
    except BuildError as error:
        print(f"sam build: {error}", file=sys.stderr)
        return 1
    return 0


def check_python(path: str, version: str, *, has_pip: bool) -> None:
    """Raise ``BuildError`` if the Python at ``path`` cannot build for the runtime."""
    if version.rpartition(".")[0] != NEEDED or not has_pip:
        found = f"Python {version}" if has_pip else f"Python {version} without pip"
        raise BuildError(
            f"{path} is {found}, but the functions run on Python {NEEDED}: put a Python {NEEDED} with pip first on PATH"
        )


def put_package(artifacts: Path) -> None:
    """Fill the folder ``artifacts``. What is made once stays beside it, in SAM's folder of builds."""
    os.umask(0o022)  # Lambda reads the package as another user
    made = artifacts.parent / ".package"
    made.mkdir(parents=True, exist_ok=True)
    with (made / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # SAM builds several functions at a time
        package = made / _digest()
        if not package.exists():
            with tempfile.TemporaryDirectory(dir=made) as draft:
                make_package(Path(draft) / "package")
                (Path(draft) / "package").rename(package)
    shutil.copytree(package, artifacts, dirs_exist_ok=True)


def make_package(package: Path) -> None:
    """Make the package in the new folder ``package``."""
    package.mkdir()
    with tempfile.TemporaryDirectory() as wheels:
        for processor in PROCESSORS:
            _download(Path(wheels), processor)
        for wheel in sorted(Path(wheels).iterdir()):
            _unpack(wheel, package)
    for name in PACKAGES:
        shutil.copytree(SOURCE / name, package / name, ignore=shutil.ignore_patterns("__pycache__"))
    compile_package(package)


def compile_package(package: Path) -> None:
    """Put the byte code of each module beside it, in ``__pycache__``; raises ``BuildError``."""
    compiled = compileall.compile_dir(
        package, quiet=1, stripdir=package, prependdir=LAMBDA, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH
    )
    if not compiled:
        raise BuildError("a module does not compile; the lines above name it")


def _download(wheels: Path, processor: str) -> None:
    """Download the wheels of the pinned libraries for a processor, where pip finds them."""
    platforms = [option for glibc in GLIBC for option in ("--platform", f"{glibc}_{processor}")]
    command = [
        sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--require-hashes",
        "--no-deps", "--only-binary", ":all:", "--implementation", "cp", "--python-version", NEEDED, *platforms,
        "--dest", str(wheels), "--requirement", str(REQUIREMENTS),
    ]  # fmt: skip
    if subprocess.run(command, check=False).returncode:  # noqa: S603
        raise BuildError(f"pip found no wheels for {processor}; the lines above say why")


def _unpack(wheel: Path, package: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        if moved := [name for name in archive.namelist() if ".data/" in name]:
            raise BuildError(f"{wheel.name} holds {moved[0]}; expected a wheel that is complete once it is unpacked")
        archive.extractall(package)


def _digest() -> str:
    """Return the digest of everything that the package is made of."""
    files = [path for name in PACKAGES for path in (SOURCE / name).rglob("*") if path.is_file()]
    files = [Path(__file__).resolve(), REQUIREMENTS, *(path for path in files if path.parent.name != "__pycache__")]
    digest = hashlib.sha256(platform.python_version().encode())
    for path in sorted(files):
        digest.update(f"{path.relative_to(SOURCE)} {path.stat().st_size}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:32]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
