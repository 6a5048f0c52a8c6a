"""The changes that a run plans, and the tags that result from them."""

from local.clients.simulator_control import Tags

Plan = dict[str, tuple[set[str], set[str]]]
"""The tags that are added and removed, by public_id."""


def changed(before: Tags, plan: Plan) -> Tags:
    """Return the tags that result when ``plan`` is applied to ``before``."""
    nothing: tuple[set[str], set[str]] = (set(), set())
    return {name: (has - plan.get(name, nothing)[1]) | plan.get(name, nothing)[0] for name, has in before.items()}
