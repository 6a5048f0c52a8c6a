"""A group of many different changes, where Cloudinary takes a while for each call, or the run may make few."""

import pytest

from autotag.domain.model.messages import ProcessRunGroup
from autotag.service.worker import handle
from tests.unit.service.runs.groups.test_group_calls import unlike
from tests.unit.service.runs.run_library import GROUP, NEW
from tests.unit.service.runs.segments.unlike import unlike as unlike_library
from tests.unit.service.settle import come_to_rest


@pytest.mark.parametrize("seconds", [0.2, 0.4, 0.5, 0.8])
def test_a_full_group_makes_no_more_calls_than_its_run_may(seconds: float) -> None:
    library, names = unlike(250, 50)
    run_id = library.run(max_calls=100)
    library.under_way(run_id, GROUP)
    cloudinary = library.fakes.cloudinary

    def remaining() -> float:
        return 45.0 - seconds * len(cloudinary.joint_calls)

    handle(library.fakes.deps, ProcessRunGroup(run_id, GROUP, names), remaining)
    joint, counts = len(cloudinary.joint_calls), library.run_of(run_id).counts
    single = len(cloudinary.calls)
    come_to_rest(library.fakes)
    assert len(cloudinary.calls) == single, "an intent was left that was carried out alone"
    assert counts.calls == joint <= 100 and counts.done + counts.missed == 250


@pytest.mark.parametrize(
    ("may", "made", "left"), [(80, 80, "all of its 80"), (199, 198, "1 of its 199 calls are left")]
)
def test_a_run_makes_the_calls_that_it_may_and_says_what_is_left(may: int, made: int, left: str) -> None:
    library = unlike_library(100)
    library.fakes.rules.use(NEW, 1)  # two operations an asset
    run = library.finish(library.run(max_calls=may))
    assert (run.status, run.counts.calls) == ("paused", made) and left in run.why
    assert len(library.fakes.cloudinary.joint_calls) == made
