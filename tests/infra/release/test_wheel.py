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
    ours = {"autotag", "autotag_cli", "autotag_console", "autotag_library"}
    assert {top for top in tops if not top.endswith(".dist-info")} == ours


def test_the_command_and_its_default_rules_are_in_it(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    (entry,) = [name for name in names if name.endswith("entry_points.txt")]
    scripts = configparser.ConfigParser()
    scripts.read_string(wheel.read(entry).decode())
    module, _, function = scripts["console_scripts"]["autotag"].partition(":")

    assert f"{module.replace('.', '/')}.py" in names and function == "app"
    assert "autotag/default_rules.toml" in names


def test_the_console_s_templates_and_static_files_are_in_it(wheel: zipfile.ZipFile) -> None:
    source = PROJECT / "src" / "autotag_console"
    files = {
        f"autotag_console/{path.relative_to(source).as_posix()}"
        for folder in ("templates", "static")
        for path in (source / folder).rglob("*")
        if path.is_file()
    }
    assert {"autotag_console/templates/base.html", "autotag_console/static/console.css"} <= files
    assert files <= set(wheel.namelist())


def test_what_the_console_needs_is_an_extra_and_never_required(wheel: zipfile.ZipFile) -> None:
    (name,) = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    needs = [line.removeprefix("Requires-Dist: ") for line in wheel.read(name).decode().splitlines()]
    of_console = {need for need in needs if any(word in need for word in ("starlette", "jinja2", "uvicorn"))}
    assert of_console == {f"{word}; extra == 'console'" for word in ("jinja2", "starlette", "uvicorn")}
