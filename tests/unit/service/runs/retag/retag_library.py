"""A library whose rules are newer than its decisions, for runs that decide again."""

from tests.unit.service.runs.run_library import NEW, Library


def given(size: int = 12) -> Library:
    """Return a library of ``size`` assets that were decided on under older rules."""
    library = Library(size)
    library.fakes.clock.advance(3600)
    library.fakes.rules.use(NEW, 1)
    return library


def expected(library: Library, plan: dict[str, tuple[set[str], set[str]]]) -> dict[str, set[str]]:
    """Return the tags of each asset once a plan, of added and removed tags, is carried out."""
    return {
        asset: (tags - plan.get(asset, (set(), set()))[1]) | plan.get(asset, (set(), set()))[0]
        for asset, tags in library.tags().items()
    }
