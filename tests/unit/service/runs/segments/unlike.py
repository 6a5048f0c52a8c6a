"""A library in one segment, of which every asset needs a change of its own."""

from zlib import crc32

from autotag.domain.runs.run import SEGMENTS
from autotag.service.worker import handle
from tests.fakes.samples import resource, upload
from tests.unit.service.runs.run_library import Library


def unlike(size: int) -> Library:
    """Return a library in one segment, of assets each of which has a label of its own."""
    library = Library(0)
    fakes = library.fakes
    names = [name for name in (f"u{n}" for n in range(5 * size)) if crc32(name.encode()) % SEGMENTS == 0][:size]
    for name in names:
        body = resource(name, {"People": 0.99, f"Label {name}": 0.8}, public_id=f"unlike/{name}")
        fakes.cloudinary.assets[name] = body
        handle(fakes.deps, upload(dict(body), digest=name), fakes.remaining)
    assert len(fakes.store.items) == size
    return library
