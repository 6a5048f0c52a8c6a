"""A check for cycles among the parents of labels."""

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from autotag.domain.model.labels import label_key
from autotag.domain.rules.checks.locations import LabelTable, label_tables
from autotag.domain.rules.schema import Rules
from autotag.domain.rules.validation.problems import Diagnostic, Location, error, quoted


class _Node(Struct, frozen=True):
    """A label with parents: the location of the parents in the file, and their keys."""

    name: str
    location: Location
    parents: tuple[str, ...]


_Graph = Mapping[str, _Node]


def check_parent_cycles(rules: Rules) -> Iterator[Diagnostic]:
    """Yield cycles among the parents of the file's own label rules, and cycles that a block's rules add."""
    own, *others = map(_graph, label_tables(rules))
    own_cycles = list(_cycles(own, own))
    yield from map(_cycle_error, own_cycles)
    if own_cycles or not any(others) or _no_cycle_possible(own, *others):
        return  # on top of a cycle, those of blocks mean nothing
    for block_graph in others:
        merged = {**own, **block_graph}
        new = {node.location for node in block_graph.values()}
        for cycle in _cycles(merged, block_graph):
            if any(node.location in new for node in cycle):
                yield _cycle_error(cycle)


def _graph(table: LabelTable) -> _Graph:
    return {
        label_key(name): _Node(name, table.location.entry(name).key("parents"), tuple(map(label_key, rule.parents)))
        for name, rule in table.rules.items()
        if rule.parents is not None
    }


def _no_cycle_possible(*graphs: _Graph) -> bool:
    """Return whether no choice of blocks can close a cycle: the usual case, and cheaper than a check of each block."""
    union: dict[str, _Node] = {}
    for graph in graphs:
        for key, node in graph.items():
            other = union.get(key)
            union[key] = replace(node, parents=other.parents + node.parents) if other else node
    return next(_cycles(union, union), None) is None


def _cycles(graph: _Graph, roots: _Graph) -> Iterator[list[_Node]]:
    """Walk ``graph`` depth first from ``roots``; yield a cycle for each edge that leads back to the current path."""
    done: set[str] = set()
    for root in roots:
        path = {} if root in done else {root: iter(graph[root].parents)}
        while path:
            last = next(reversed(path))
            parent = next(path[last], None)
            if parent is None:
                done.add(last)
                del path[last]
            elif parent in path:
                keys = list(path)
                yield [graph[key] for key in keys[keys.index(parent) :]]
            elif parent in graph and parent not in done:
                path[parent] = iter(graph[parent].parents)


def _cycle_error(cycle: list[_Node]) -> Diagnostic:
    first, *rest = cycle
    names = [quoted(node.name) for node in cycle]
    names = names if len(names) <= 6 else [*names[:3], "...", *names[-2:]]
    return error(
        first.location,
        f"a cycle: {' → '.join([*names, names[0]])}",
        "parents that lead back to no label",
        *(n.location for n in rest),
    )
