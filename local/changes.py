"""What a run says that it would change, and what tags are once it did."""

from local.simulated import Tags

Plan = dict[str, tuple[set[str], set[str]]]
"""The tags that are added and removed, by public_id."""


def changed(before: Tags, plan: Plan) -> Tags:
    """Return what ``before`` is once ``plan`` is carried out."""
    nothing: tuple[set[str], set[str]] = (set(), set())
    return {name: (has - plan.get(name, nothing)[1]) | plan.get(name, nothing)[0] for name, has in before.items()}
