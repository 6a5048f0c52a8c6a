"""Plans in a form: no longer than a form may be, and good for one run."""

from autotag_console.runs.steps import PartialPlan, shortened
from autotag_console.sign_in.sealed import Sealer

_PURPOSE = "plan"


def seal_plan(sealer: Sealer, caller: str, plan: PartialPlan) -> tuple[PartialPlan, str]:
    """Return the plan as far as it fits into a form of ``caller``, and the text for its field."""
    counts = plan.totals.tags
    most = len(counts.besides) + len(counts.renames)
    return sealer.seal(_PURPOSE, caller, shortened(plan, most), lambda kept: shortened(plan, kept), most)


def open_plan(sealer: Sealer, caller: str, text: str) -> PartialPlan:
    """Return the plan in the text of a field; raises ``Conflict`` if it cannot be used."""
    return sealer.open(_PURPOSE, caller, text, PartialPlan)
