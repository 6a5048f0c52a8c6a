"""A library that a run has retagged, for runs that undo it."""

from tests.unit.service.runs.run_library import NEW, Library

HOUR = 3600


def retagged(size: int = 8) -> tuple[Library, dict[str, set[str]], str]:
    """A library that was retagged under other rules; returns the tags of before, too, and the run."""
    library = Library(size)
    library.fakes.clock.advance(HOUR)
    before = library.tags()
    library.fakes.rules.use(NEW, 1)
    run_id = library.run()
    library.finish(run_id)
    library.fakes.clock.advance(HOUR)
    assert library.tags() != before
    return library, before, run_id
