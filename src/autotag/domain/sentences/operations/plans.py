"""What a planned run would change, in a sentence."""

from autotag.domain.runs.planned import PlanTotals


def explain_plan(totals: PlanTotals) -> str:
    """Return on how many assets tags would change, and of how many others only what is stored."""
    if not totals.changed and not totals.state_only:
        return f"Nothing would change on any of {totals.seen:,} assets."
    besides = f", and only the stored state of {totals.state_only:,} more" if totals.state_only else ""
    return f"Tags would change on {totals.changed:,} of {totals.seen:,} assets{besides}."
