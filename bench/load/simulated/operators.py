"""Requests of operators, answered by the deployed code."""

from typing import Any

import msgspec

from autotag import bootstrap
from autotag.wiring_tables import OpsPorts
from bench.load.simulated.processes import adapters
from bench.load.simulated.world import World


def ask(world: World, request: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to an operator's request."""
    from autotag.service.operations.api import answer

    ops = bootstrap.ops(**adapters(world, OpsPorts))
    answered: dict[str, Any] = msgspec.json.decode(answer(ops, msgspec.json.encode(request).decode(), "bench"))
    return answered
