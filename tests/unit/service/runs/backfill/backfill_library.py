"""A library with assets of every kind that a backfill may meet, and backfills that categorize them."""

from autotag.domain.runs.run import BackfillSource, Run
from autotag.service.worker import handle
from tests.fakes.samples import GUITARIST, resource, upload
from tests.unit.service.runs.run_library import Library


def announced(library: Library, asset_id: str, status: str, **labels: float) -> None:
    """Let an asset be uploaded while the service listens."""
    body = resource(asset_id, labels or None, status=status, public_id=f"late/{asset_id}")
    library.fakes.cloudinary.assets[asset_id] = body
    handle(library.fakes.deps, upload(dict(body), digest=f"d-{asset_id}"), library.fakes.remaining)


def categorize(library: Library, max_units: int = 100, *, dry_run: bool = False, page: int = 3) -> Run:
    """Run a backfill over what was announced, an hour later."""
    library.fakes.cloudinary.knows = {"Boat": 0.9}
    library.fakes.cloudinary.list_page = page
    library.fakes.clock.advance(3600)
    listing = BackfillSource(categorize=True, max_units=max_units, prefix="late/")
    return library.finish(library.run("backfill", listing=listing, dry_run=dry_run))


def boats(library: Library) -> list[str]:
    """Return the assets with a tag that only categorizing gives."""
    return sorted(asset_id for asset_id, tags in library.tags().items() if "Boat" in tags)


def mixed() -> Library:
    """Return a library of 14 announced, lost and bare assets, of which 8 are to be categorized."""
    library = Library(2)
    for n in range(4):
        announced(library, f"x{n}", "none")
    announced(library, "waits", "pending")
    announced(library, "known", "complete", Dog=0.9)
    announced(library, "bad", "failed")
    announced(library, "came", "none")
    assets = library.fakes.cloudinary.assets
    assets["came"] = resource("came", {"Boat": 0.95}, public_id="late/came")
    for n in range(3):
        assets[f"lost{n}"] = resource(f"lost{n}", GUITARIST, public_id=f"late/lost{n}")
        assets[f"bare{n}"] = resource(f"bare{n}", status="none", public_id=f"late/bare{n}")
    return library
