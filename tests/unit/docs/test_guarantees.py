"""Every row of docs/guarantees.md names tests that exist, every mutant that is listed there is one of the code."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from bench.mutate import GROUPS, Mutant, listed

PROJECT = Path(__file__).parents[3]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (PROJECT / "docs" / "guarantees.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("|") and not line.startswith("|---") and not line.startswith("| fault |")
]
NAMED = re.compile(r"^[\w/]+\.py::\w+$")


@cache
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


@pytest.mark.parametrize("mutant", listed(), ids=str)
def test_a_listed_mutant_is_one_of_the_code(mutant: Mutant) -> None:
    code = " ".join((PROJECT / "src" / "autotag" / f"{mutant.module}.py").read_text(encoding="utf-8").split())
    assert mutant.before in code and f"def {mutant.function.rpartition('.')[2]}(" in code
    assert mutant.before != mutant.after and mutant.module in {module for _, modules in GROUPS for module in modules}


def test_what_is_mutated_and_the_tests_that_it_is_tried_on_exist() -> None:
    for tests, modules in GROUPS:
        assert all((PROJECT / "tests" / name).is_file() for name in tests)
        assert all((PROJECT / "src" / "autotag" / f"{name}.py").is_file() for name in modules)
