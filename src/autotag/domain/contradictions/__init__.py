"""Contradictions: what the grammar lets a rules file say, but cannot be meant, or has no effect.

What no reading makes sense of is a fault; what is harmless is a warning.
"""

from collections.abc import Iterator

from autotag.domain.contradictions.blocks import blocks
from autotag.domain.contradictions.lists import lists
from autotag.domain.contradictions.names import names
from autotag.domain.contradictions.parents import parents
from autotag.domain.contradictions.review import review
from autotag.domain.contradictions.tags import tags
from autotag.domain.faults import Fault
from autotag.domain.grammar import Rules


def contradictions(rules: Rules) -> Iterator[Fault]:
    """Find every contradiction in ``rules``."""
    for look in (lists, names, review, tags, parents, blocks):
        yield from look(rules)
