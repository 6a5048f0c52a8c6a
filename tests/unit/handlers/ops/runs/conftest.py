"""The operators' function with five assets that a run would change."""

import pytest

from autotag.service.worker import handle
from tests.fakes.samples import GUITARIST, resource, upload
from tests.unit.handlers.ops.ops_requests import Ops
from tests.unit.handlers.ops.runs.run_requests import STRICT


@pytest.fixture
def ops() -> Ops:
    """Five assets with the tags People and Guitar, under rules that would now say crowd alone."""
    ops = Ops()
    for n in range(5):
        body = resource(f"a{n}", GUITARIST, tags=("press",))
        ops.fakes.cloudinary.assets[f"a{n}"] = body
        handle(ops.fakes.deps, upload(body, digest=f"d{n}"), ops.fakes.remaining)
    ops.rule_store.push(STRICT)
    ops.fakes.rules.use(STRICT, 1)
    return ops
