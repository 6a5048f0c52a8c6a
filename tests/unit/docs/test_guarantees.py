"""Every row of docs/guarantees.md names tests that exist."""

import ast
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[3]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (PROJECT / "docs" / "guarantees.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("|") and not line.startswith("|---") and not line.startswith("| fault |")
]
NAMED = re.compile(r"^[\w/]+\.py::\w+$")


def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return functions | {
        str(t.id) for n in tree.body if isinstance(n, ast.Assign) for t in n.targets if isinstance(t, ast.Name)
    }


def test_there_are_guarantees() -> None:
    assert len(ROWS) > 50


@pytest.mark.parametrize("row", ROWS, ids=[row[0][:60] for row in ROWS])
def test_a_guarantee_names_tests_that_exist(row: list[str]) -> None:
    fault, behaviour, named = row
    assert fault and behaviour
    for name in named.split(", "):
        assert NAMED.match(name), name
        file, test = name.split("::")
        assert test in names_in(PROJECT / "tests" / file), name
