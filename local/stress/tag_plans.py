"""The changes of tags that a run plans, and the tags that result from them."""

from local.clients.simulator_control import Tags

TagPlan = dict[str, tuple[set[str], set[str]]]
"""The tags that are added and removed, by public_id."""


def apply_plan(before: Tags, plan: TagPlan) -> Tags:
    """Return the tags that result when ``plan`` is applied to ``before``."""
    unchanged: tuple[set[str], set[str]] = (set(), set())
    after: Tags = {}
    for public_id, tags in before.items():
        added, removed = plan.get(public_id, unchanged)
        after[public_id] = (tags - removed) | added
    return after
