"""The metrics that the code counts, by the service that counts them: read from the code that each function loads."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grimp

from tests.infra.cloudformation_template import Template

SRC = Path(__file__).resolve().parents[3] / "src"
_COMPOSED = {
    "handlers.webhook": ["autotag.service.intake.webhook"],
    "handlers.poll_channel": ["autotag.service.intake.poll_channel"],
    "handlers.worker": ["autotag.service.rules.active", "autotag.adapters.cloudinary.circuit"],
    "handlers.poller": [
        "autotag.service.rules.active",
        "autotag.service.runs.plan",
        "autotag.adapters.cloudinary.circuit",
    ],
}
"""What ``autotag.bootstrap`` gives to a handler, which this does not follow: it knows the parts of all functions."""
_COMPOSITION = {"autotag.bootstrap", "autotag.wiring", "autotag.wiring_tables"}
_COMPUTED = {"autotag.service.intake.accept: result.capitalize()": {"Accepted", "Ignored"}}
"""Names that are computed; tests/unit/handlers/webhook/test_webhook_queued.py shows them counted."""


def counted_metrics(template: Template) -> dict[str, set[str]]:
    """Return the metrics that the code of each service counts; without the operators' functions, which count faults."""
    found: dict[str, set[str]] = {}
    for function in template.of_type("AWS::Lambda::Function").values():
        handler = str(function["Handler"]).rpartition(".")[0]
        service = function["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]
        if handler in _COMPOSED:
            found[service] = {metric for module in _loaded(handler) for metric in _counted_in(module)}
    return found


def _loaded(handler: str) -> set[str]:
    graph = grimp.build_graph("autotag", "handlers", cache_dir=None, exclude_type_checking_imports=True)
    seen, left = set(), [handler, *_COMPOSED[handler]]
    while left:
        module = left.pop()
        if module not in seen and module not in _COMPOSITION:
            seen.add(module)
            left += graph.find_modules_directly_imported_by(module)
    return seen


def _counted_in(module: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(_path(module).read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        receiver = ast.unparse(node.func.value).rpartition(".")[2].lstrip("_")
        if node.func.attr in ("count", "measure") and receiver == "telemetry":
            yield from _names(module, node.args[0])
        elif node.func.attr == "add_metric" and module != "autotag.telemetry":
            yield from _names(module, next(each.value for each in node.keywords if each.arg == "name"))


def _names(module: str, value: Any) -> Iterator[str]:
    match value:
        case ast.Constant(value=str(name)):
            yield name
        case ast.IfExp(body=one, orelse=other):
            yield from _names(module, one)
            yield from _names(module, other)
        case _:
            yield from _COMPUTED[f"{module}: {ast.unparse(value)}"]


def _path(module: str) -> Path:
    path = SRC / module.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
