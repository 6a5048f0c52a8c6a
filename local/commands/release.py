"""``make release``: what a release publishes, built without AWS, with the same bytes from the same sources."""

import hashlib
import re
import shutil
import tomllib
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import yaml
from hatchling.builders.wheel import WheelBuilder

from local.core.errors import LocalError
from local.core.paths import PROJECT
from local.stack import sam
from local.stack.stack import Progress

ARCHITECTURES: Final = ("arm64", "x86_64")
CHECKSUMS: Final = "SHA256SUMS"
_CODE: Final = "functions.zip"
"""The code of every function in a packaged stack."""
_LAYER: Final = "console-layer.zip"
"""The libraries of the deployed console in a packaged stack."""

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The time of every file in an archive: the earliest that the format can hold."""


def project_version() -> str:
    """Return the version in pyproject.toml. Raises ``LocalError`` if CHANGELOG.md has no dated section of it."""
    version = str(tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]["version"])
    changelog = (PROJECT / "CHANGELOG.md").read_text("utf-8")
    if not re.search(rf"^## {re.escape(version)} - \d{{4}}-\d\d-\d\d$", changelog, re.MULTILINE):
        raise LocalError(f"CHANGELOG.md has no heading `## {version} - YYYY-MM-DD` for the version in pyproject.toml.")
    return version


def build_release(dist: Path, tag: str, progress: Progress) -> list[Path]:
    """Replace the folder ``dist`` by the wheel, a packaged stack for each processor, and their checksums.

    Raises ``LocalError`` if a build fails, or if ``tag`` is neither empty nor the version's tag, such as ``v0.2.0``.
    """
    version = project_version()
    if tag not in ("", f"v{version}"):
        raise LocalError(f"The tag is {tag}, but the version in pyproject.toml is {version}: expected v{version}.")
    shutil.rmtree(dist, ignore_errors=True)
    dist.mkdir(parents=True)
    progress("building the wheel")
    (wheel,) = WheelBuilder(str(PROJECT)).build(directory=str(dist), versions=["standard"])
    files = [Path(wheel)]
    progress("building the functions (sam build)")
    with TemporaryDirectory(prefix="autotag-release-") as temporary:
        built = sam.build(Path(temporary), shared=Path(temporary) / "sam")
        content = Path(temporary) / "content"
        content.mkdir()
        _archive(_folder(built, _FUNCTION, "CodeUri"), content / _CODE)
        _archive(_folder(built, _LAYER_VERSION, "ContentUri"), content / _LAYER)
        shutil.copyfile(PROJECT / "samconfig.toml", content / "samconfig.toml")
        for architecture in ARCHITECTURES:
            files.append(_packaged_stack(dist, f"autotag-{version}-{architecture}", architecture, built, content))
    sums = "".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in sorted(files))
    (dist / CHECKSUMS).write_text(sums, "utf-8")
    return [*files, dist / CHECKSUMS]


_FUNCTION: Final = "AWS::Serverless::Function"
_LAYER_VERSION: Final = "AWS::Serverless::LayerVersion"


def _folder(built: Path, kind: str, property_: str) -> Path:
    """Return the folder of the code of a built template, which is the same for all resources of a kind."""
    first = _properties(yaml.safe_load(built.read_text("utf-8")), kind)[0]
    return built.parent / str(first[property_])


def _packaged_stack(dist: Path, name: str, architecture: str, built: Path, content: Path) -> Path:
    """Write ``name``.zip: one folder with the built template, and the files in ``content``."""
    template = yaml.safe_load(built.read_text("utf-8"))
    template["Parameters"]["Architecture"]["Default"] = architecture
    for properties in _properties(template, _FUNCTION):
        properties["CodeUri"] = _CODE
    for properties in _properties(template, _LAYER_VERSION):
        properties["ContentUri"] = _LAYER
    (content / "template.yaml").write_text(yaml.safe_dump(template, sort_keys=False, width=120), "utf-8")
    _archive(content, dist / f"{name}.zip", prefix=f"{name}/")
    return dist / f"{name}.zip"


def _properties(template: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """Return the properties of every resource of a kind."""
    return [resource["Properties"] for resource in template["Resources"].values() if resource["Type"] == kind]


def _archive(folder: Path, target: Path, prefix: str = "") -> None:
    """Write a zip of a folder that depends on nothing but the names and bytes of its files."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(f"{prefix}{path.relative_to(folder).as_posix()}", _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix: external_attr holds the permissions
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())
