"""What the benchmark reads of the template is what is deployed."""

from pathlib import Path

import pytest

from bench.load.simulated.template import FULL_CORE, Template


@pytest.fixture(scope="module")
def template() -> Template:
    """The template, which takes a second to read."""
    return Template(Path(__file__).parents[4] / "template.yaml")


def test_functions_have_the_part_of_a_core_that_their_memory_gives(template: Template) -> None:
    for name, memory in (("WorkerFunction", 256), ("PollerFunction", 512)):
        function = template.function(name)
        assert (round(function.core * FULL_CORE), function.timeout) == (memory, 60)


def test_both_queues_of_the_worker_are_read_with_their_limits(template: Template) -> None:
    assert {source.queue: source.batch for source in template.sources()} == {"Queue": 10, "BulkQueue": 1}
    assert template.queues() == {"Queue": (360, 15), "BulkQueue": (360, 15)}
    assert template.workers_in_production() >= 2
