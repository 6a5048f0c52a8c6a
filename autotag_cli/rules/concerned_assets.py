"""How many known assets the active rules concern: those whose tags a retag would change, counted by the stack."""

from contextlib import closing
from typing import NamedTuple

from autotag.service.runs.requests import PlanRun
from autotag_cli.errors import Failure
from autotag_cli.runs.plan_pages import PlanSource, plan_pages
from autotag_cli.terminal.output import counted
from autotag_cli.terminal.progress import progress_bar

MOST = 5000
"""Assets that are looked at: a few seconds. The number for a larger library is that of a part of it."""


class Concerned(NamedTuple):
    """Of ``seen`` assets, the tags of ``changed`` ones would change. ``complete``: the stack knows no others."""

    changed: int
    seen: int
    complete: bool

    @property
    def sentence(self) -> str:
        """Return what a retag would do, and how to go on."""
        if self.complete and not self.seen:
            return "The stack knows no assets yet."
        of = f"{counted(self.seen, 'known asset')}" if self.complete else f"the first {self.seen:,} known assets"
        if self.complete and not self.changed:
            return f"No tags of {of} change."
        shows = "shows which" if self.complete else "counts all of them"
        return (
            f"Known assets keep their tags until a retag, which changes those of {self.changed:,} of {of}: "
            f"autotag retag --dry-run {shows}, autotag retag changes them."
        )


def concerned_assets(ops: PlanSource) -> Concerned:
    """Count them on up to about ``MOST`` assets. Raises ``Failure`` if the stack does not answer."""
    changed = seen = 0
    with closing(plan_pages(ops, PlanRun(action="retag"))) as pages, progress_bar("Counting", None, "assets") as bar:
        for page in pages:
            if seen >= MOST:
                return Concerned(changed, seen, complete=False)
            changed += sum(bool(planned.add or planned.remove) for planned in page.assets)
            seen += page.seen
            bar.advance(1, page.seen)
    return Concerned(changed, seen, complete=True)


def concerns(ops: PlanSource) -> str:
    """Return a sentence on how many known assets are concerned, also if they cannot be counted."""
    try:
        return concerned_assets(ops).sentence
    except Failure as error:
        return (
            f"Known assets keep their tags until a retag. How many are concerned could not be counted ({error}): "
            "autotag retag --dry-run counts them, autotag retag changes them."
        )
