"""No module imports itself, however many modules lie between: a reader who goes down never comes back up."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

import grimp
import pytest

ROOTS = ("autotag", "autotag_console", "handlers", "autotag_cli", "deploy", "simulator", "local")


def cycle(imports: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the modules of an import cycle, from one of them back to itself; [] if there is none."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_module_is_part_of_an_import_cycle() -> None:
    """Imports inside functions count, those for type checkers alone do not."""
    graph = grimp.build_graph(*ROOTS, cache_dir=None, exclude_type_checking_imports=True)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}

    assert all(any(module.startswith(f"{root}.") for module in imports) for root in ROOTS)
    assert cycle(imports) == []


@pytest.mark.parametrize("imports", [{"a": ["a"]}, {"a": ["b"], "b": ["a"]}, {"a": ["b"], "b": ["c", "d"], "d": ["a"]}])
def test_a_cycle_is_found(imports: dict[str, list[str]]) -> None:
    found = cycle(imports)
    assert found[0] == found[-1] and "a" in found
