"""docs/architecture.md shows the tree as it is, and names nothing that is not there; modules and folders are small."""

import ast
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]
PAGE = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8")
ROOTS = (
    *("src/handlers", "src/autotag", "src/autotag_console", "src/autotag_library"),
    *("autotag_cli", "deploy", "simulator", "local", "bench"),
)
MOST_MODULES, MOST_LINES = 15, 250


def packages() -> dict[str, str]:
    """Return the first line of each package's docstring, by its path."""
    found = {}
    for root in ROOTS:
        for init in sorted((PROJECT / root).rglob("__init__.py")):
            text = ast.get_docstring(ast.parse(init.read_text(encoding="utf-8"))) or ""
            found[str(init.parent.relative_to(PROJECT))] = text.splitlines()[0] if text else ""
    return found


def modules_of_tests() -> list[Path]:
    """Return the modules below tests/, without those that a package manager put there."""
    return [path for path in sorted((PROJECT / "tests").rglob("*.py")) if "node_modules" not in path.parts]


def shown() -> dict[str, str]:
    """Return the lines of the tree in the page, by path."""
    block = re.search(r"```\n(.*?)```", PAGE, re.DOTALL)
    assert block is not None
    found, above = {}, list[str]()
    for line in block[1].splitlines():
        indent = (len(line) - len(line.lstrip())) // 2
        name, _, text = line.strip().partition("  ")
        above[indent:] = [name.rstrip("/")]
        found["/".join(above)] = text.strip()
    return found


def test_the_tree_in_the_page_is_the_one_on_disk() -> None:
    assert shown() == packages()


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`([\w/]+(?:/[\w.]+)+|[\w]+\.(?:py|md|toml|yaml))`", PAGE))))
def test_what_the_page_names_is_there(path: str) -> None:
    places = ("", "src/", "src/autotag/", "tests/", "docs/", "tests/integration/")
    found = [place for place in places for end in ("", ".py") if (PROJECT / f"{place}{path}{end}").exists()]
    assert found, path


@pytest.mark.parametrize(
    "folder", sorted({*packages(), *(str(p.parent.relative_to(PROJECT)) for p in modules_of_tests())})
)
def test_a_folder_holds_few_modules(folder: str) -> None:
    modules = [path for path in (PROJECT / folder).glob("*.py") if path.name != "__init__.py"]
    assert len(modules) <= MOST_MODULES


def test_no_module_is_long() -> None:
    long = {
        str(path.relative_to(PROJECT)): lines
        for path in (*modules_of_tests(), *(path for root in ROOTS for path in (PROJECT / root).rglob("*.py")))
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert long == {}


def test_interfaces_stand_in_ports_alone() -> None:
    """``HasConfidence`` is the type of what ``ranked`` orders, not an interface to the outside."""
    protocols = {
        f"{path.relative_to(PROJECT / 'src')}: {node.name}"
        for path in (PROJECT / "src").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base).startswith("Protocol") for base in node.bases)
        if path.parent.name != "ports"
    }
    assert protocols == {"autotag/domain/decisions/ranking.py: HasConfidence"}


def test_audits_are_built_in_one_place() -> None:
    calls = [
        f"{path.relative_to(PROJECT / 'src')}: {node.func.id}"
        for path in (PROJECT / "src").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Audit"
    ]
    assert calls == ["autotag/domain/model/audit.py: Audit"]
