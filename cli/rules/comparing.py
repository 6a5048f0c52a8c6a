"""Counting what changes from one set of rules to another, over inputs or over everything that a stack knows."""

from collections.abc import Iterable

from autotag.domain.diff import compare
from autotag.domain.errors import Invalid
from autotag.domain.rulebook import Rulebook
from autotag.domain.rules import Rules, When
from cli.documents import find, read
from cli.inputs import read_asset
from cli.meter import meter
from cli.output import note
from cli.rules.assets import Asset, of_file, of_stack
from cli.rules.checkpoint import Comparison, begin, save
from cli.rules.stored import Scanner, pages
from cli.rules.tally import Tally


def over_inputs(
    inputs: Iterable[str], old: Rulebook, new: Rulebook, examples: int, *, lines: bool
) -> tuple[Tally, int]:
    """Compare on every input; return the counts, and how many inputs could not be read: each is told on stderr."""
    tally, faults = Tally(examples), 0
    files = find(inputs)
    with meter("Comparing", files.size, "assets") as shown:
        for document in read(files, lines=lines):
            shown.advance(document.size, 1)
            try:
                asked = read_asset(document)
            except Invalid as error:
                shown.complain(str(error))
                faults += 1
                continue
            count(tally, of_file(asked.message, document.place), old, new)
    return tally, faults


def over_stack(scanner: Scanner, stack: str, old: Rulebook, new: Rulebook, resume: str | None, examples: int) -> Tally:
    """Compare on every asset of a stack; ``resume`` is the file that tells how far it is, and from where to go on.

    Raises ``Failure`` where a page cannot be had, ``Invalid`` where the file is no use.
    """
    checkpoint = begin(resume, Comparison(old.version, new.version, stack, examples))
    tally = checkpoint.tally
    if tally.assets:
        note(f"Going on after {tally.assets:,} assets.")
    with meter("Comparing", None, "assets") as shown:
        shown.advance(0, tally.assets)
        for segment, page in pages(scanner, checkpoint.cursors.copy(), checkpoint.segments):
            for scanned in page.assets:
                count(tally, of_stack(scanned), old, new)
            if page.cursor is None:
                del checkpoint.cursors[segment]
            else:
                checkpoint.cursors[segment] = page.cursor
            save(resume, checkpoint)
            shown.advance(1, len(page.assets))
    return tally


_LEAVES_ALONE = Rulebook(Rules(when=(When(skip=True),)))


def count(tally: Tally, asset: Asset, old: Rulebook, new: Rulebook) -> None:
    """Count what changes on one asset: the tags on it once the service had decided by the one, and by the other."""
    if not _has_labels(asset, new):
        tally.skip()
        return
    before = old if _has_labels(asset, old) else _LEAVES_ALONE  # what it has, it has from others
    tally.add(asset.name, *compare(asset.labels, asset.subject, before, new, people=asset.people))


def _has_labels(asset: Asset, rulebook: Rulebook) -> bool:
    """Whether a provider that counts is through; before that, rules do nothing to the asset."""
    return any(provider in asset.labels for provider in rulebook.providers)
