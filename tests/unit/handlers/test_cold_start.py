"""The init phase of each function: without garbage collection, and with few modules."""

import pkgutil
from functools import cache
from typing import Any

import pytest

from tests.unit.handlers.fresh_process import SRC, run_fresh

FUNCTIONS = ("webhook", "poll_channel", "worker", "poller", "ops", "console", "export")

IMPORT_HANDLER = """
import gc, json, sys
gc.collect()  # so that the next collection is far
collections = []
gc.callbacks.append(lambda phase, info: collections.append(phase))
import handlers.{name}
print(json.dumps({{
    "collections": len(collections),
    "enabled": gc.isenabled(),
    "frozen": gc.get_freeze_count(),
    "of_console": sorted({{name.partition(".")[0] for name in sys.modules}} & set({of_console})),
    "modules": sorted(name for name in sys.modules if name.startswith("autotag.")),
    "library": sorted(name for name in sys.modules if name.startswith(("autotag_library", "duckdb", "numpy"))),
}}))
"""

IMPORT_THE_REST = """
import gc, importlib, json
changed = []
for name in {names}:
    importlib.import_module(name)
    if not gc.isenabled() or gc.get_freeze_count():
        changed.append(name)
        gc.enable()
        gc.unfreeze()
print(json.dumps(changed))
"""


@cache
def imported(name: str) -> Any:
    """Return what a fresh process found once it had imported a handler."""
    return run_fresh(IMPORT_HANDLER.format(name=name, of_console=LIBRARIES_OF_THE_CONSOLE))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_init_phase_collects_no_garbage_and_leaves_the_collector_on(name: str) -> None:
    found = imported(name)
    assert (found["collections"], found["enabled"]) == (0, True)
    assert found["frozen"] > 10_000  # everything that was created by then


def test_importing_anything_else_leaves_the_collector_alone() -> None:
    entry_points = {f"handlers.{name}" for name in FUNCTIONS}
    names = {module.name for module in pkgutil.walk_packages([str(SRC)])} - entry_points
    assert {"handlers", "handlers.batch", "autotag", "autotag.bootstrap", "autotag.domain.decisions.decide"} <= names
    assert run_fresh(IMPORT_THE_REST.format(names=sorted(names))) == []


def test_the_webhook_loads_nothing_of_what_only_other_functions_use() -> None:
    unused = (
        *("autotag.adapters.aws.dynamodb", "autotag.adapters.cloudinary", "autotag.domain.decisions"),
        *("autotag.domain.rules", "autotag.domain.state", "autotag.service.tagging", "autotag.wiring_tables"),
    )
    assert [module for module in imported("webhook")["modules"] if module.startswith(unused)] == []


@pytest.mark.parametrize("name", FUNCTIONS)
def test_only_the_export_function_loads_what_its_layer_has(name: str) -> None:
    assert bool(imported(name)["library"]) is (name == "export")


LIBRARIES_OF_THE_CONSOLE = ("autotag_console", "starlette", "jinja2", "mangum", "joserfc", "cryptography", "anyio")


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name != "console"])
def test_no_other_function_loads_what_the_layer_of_the_console_holds(name: str) -> None:
    assert imported(name)["of_console"] == []


def test_the_console_loads_what_only_a_login_needs_with_the_first_login() -> None:
    loaded = imported("console")["of_console"]
    assert {"autotag_console", "starlette", "jinja2", "mangum"} <= set(loaded)
    assert {"joserfc", "cryptography"}.isdisjoint(loaded)


MOST_MODULES = {
    "webhook": 33, "poll_channel": 88, "worker": 157, "poller": 155, "ops": 156, "console": 231, "export": 100,
}  # fmt: skip
"""Raise one only together with a measurement by bench/cold_start.py: each module takes its part of every cold start."""


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_loads_few_modules(name: str) -> None:
    assert len(imported(name)["modules"]) <= MOST_MODULES[name]
