"""A function of the command takes few parameters: more of them travel as one struct."""

import ast
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
MOST_PARAMETERS = 6


def functions() -> Iterator[tuple[str, int]]:
    """Yield each function with its number of parameters, without ``self``; typer gives commands one for each option."""
    for path in sorted((PROJECT / "autotag_cli").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef):
                continue
            parameters = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            is_command = not node.name.startswith("_") and any(
                "typer." in ast.unparse(each.annotation) for each in parameters if each.annotation
            )
            if not is_command:
                own = [each for each in parameters if each.arg not in ("self", "cls")]
                yield f"{path.relative_to(PROJECT)}: {node.name}", len(own)


def test_a_function_takes_few_parameters() -> None:
    counted = dict(functions())
    assert len(counted) > 500
    assert {name: count for name, count in counted.items() if count > MOST_PARAMETERS} == {}
