"""What ``pipx install .`` installs: packages of our own names alone, and the command."""

import configparser
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    (path,) = WheelBuilder(str(PROJECT)).build(directory=str(folder), versions=["standard"])
    return zipfile.ZipFile(path)


def test_no_name_but_our_own_is_installed(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"autotag", "autotag_cli"}


def test_the_command_and_its_default_rules_are_in_it(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    (entry,) = [name for name in names if name.endswith("entry_points.txt")]
    scripts = configparser.ConfigParser()
    scripts.read_string(wheel.read(entry).decode())
    module, _, function = scripts["console_scripts"]["autotag"].partition(":")

    assert f"{module.replace('.', '/')}.py" in names and function == "app"
    assert "autotag/default_rules.toml" in names
