"""An account that counts what it charges, and a folder of three files."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from tests.unit.autotag_cli.cloudinary.uploading.charged.charged_calls import ASK
from tests.unit.autotag_cli.fake_account import FakeAccount
from tests.unit.autotag_cli.run_command import autotag


@pytest.fixture
def account() -> FakeAccount:
    return FakeAccount()


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    for name in ("a", "b", "c"):
        (folder / f"{name}.jpg").write_bytes(name.encode())
    return folder


@pytest.fixture
def upload(account: FakeAccount, library: Path, tmp_path: Path) -> Callable[..., Result]:
    def run(*options: str) -> Result:
        return autotag("upload", library, *ASK, "--jobs", "1", *options, obj=account.environment_in(tmp_path / "state"))

    return run
