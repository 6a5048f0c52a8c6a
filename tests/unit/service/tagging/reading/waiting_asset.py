"""An asset whose labels are still to come."""

from msgspec.structs import replace

from autotag.domain.state.asset_state import Poll
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.samples import resource, upload
from tests.unit.service.tagging.reading.hinted_asset import DAY


def given_pending(**changed: int) -> Fakes:
    """An asset that waits for its labels, with a poll of which some is ``changed``."""
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", status="pending")
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    fakes.clock.advance(60)
    fakes.clock.step = 0
    waits = Poll(fakes.clock.time, 0, fakes.clock.time + DAY * 1000)
    fakes.store.items["a1"] = replace(fakes.store.items["a1"], poll=replace(waits, **changed))
    return fakes
