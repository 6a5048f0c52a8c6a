"""Semantic checks: rules that pass the schema, but contradict each other or have no effect.

A contradiction is an error. A harmless rule without effect is a warning.
"""

from collections.abc import Iterator

from autotag.domain.rules.checks.allow_deny import lists
from autotag.domain.rules.checks.blocks import blocks
from autotag.domain.rules.checks.duplicates import names
from autotag.domain.rules.checks.parent_cycles import parents
from autotag.domain.rules.checks.review_band import review
from autotag.domain.rules.checks.tags import tags
from autotag.domain.rules.schema import Rules
from autotag.domain.rules.validation.problems import Diagnostic


def contradictions(rules: Rules) -> Iterator[Diagnostic]:
    """Yield every error and warning in ``rules``."""
    for check in (lists, names, review, tags, parents, blocks):
        yield from check(rules)
