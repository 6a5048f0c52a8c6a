"""Contradictions: what the grammar lets a rules file say, but cannot be meant, or has no effect.

What no reading makes sense of is a fault; what is harmless is a warning.
"""

from collections.abc import Iterator

from autotag.domain.rules.checks.allow_deny import lists
from autotag.domain.rules.checks.blocks import blocks
from autotag.domain.rules.checks.duplicates import names
from autotag.domain.rules.checks.parent_cycles import parents
from autotag.domain.rules.checks.review_band import review
from autotag.domain.rules.checks.tags import tags
from autotag.domain.rules.schema import Rules
from autotag.domain.rules.validation.problems import Fault


def contradictions(rules: Rules) -> Iterator[Fault]:
    """Find every contradiction in ``rules``."""
    for look in (lists, names, review, tags, parents, blocks):
        yield from look(rules)
