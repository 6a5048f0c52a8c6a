"""A library with three assets of which a run changes the same, and groups of them that are carried out."""

from autotag.domain.errors import Retryable
from autotag.domain.model.messages import ProcessRunGroup
from autotag.domain.runs.run import Run
from autotag.service.worker import handle
from tests.fakes.samples import resource, upload
from tests.unit.service.runs.run_library import GROUP, NEW, OLD, Library

THREE = ("a0", "a4", "a8")
"""Assets of which the same changes: People and Guitar go, crowd comes."""

AFTER = {"press", "crowd"}


def carry(library: Library, assets: tuple[str, ...] = THREE, seconds: float = 60.0, max_calls: int = 0) -> Run:
    """Carry out a group of a run that has planned it and nothing else; return the run."""
    run_id = library.run(max_calls=max_calls)
    library.under_way(run_id, GROUP)
    handle(library.fakes.deps, ProcessRunGroup(run_id, GROUP, assets), lambda: seconds)
    return library.run_of(run_id)


def of(library: Library, assets: tuple[str, ...] = THREE) -> list[set[str]]:
    """Return the tags of each asset."""
    return [library.fakes.cloudinary.tags(asset) for asset in assets]


def opened(library: Library, asset: str, delay: int) -> None:
    """Let an upload leave an intent behind that is due in ``delay`` seconds."""
    fakes = library.fakes
    fakes.rules.use(OLD, 0)
    fakes.cloudinary.fails = [Retryable("503", delay=delay)]
    body = resource(asset, {"People": 0.99, "Drum": 0.8}, version=200, tags=("press",), public_id=f"stage/{asset[1:]}")
    fakes.cloudinary.assets[asset] = body
    handle(fakes.deps, upload(dict(body), fakes.clock.now(), f"live {asset}"), fakes.remaining)
    fakes.rules.use(NEW, 1)
    assert fakes.store.items[asset].intent is not None
