"""Semantic checks: rules that pass the schema, but contradict each other or have no effect.

A contradiction is an error. A harmless rule without effect is a warning.
"""

from collections.abc import Iterator

from autotag.domain.rules.checks.allow_deny import check_allow_deny
from autotag.domain.rules.checks.blocks import check_blocks
from autotag.domain.rules.checks.categories import check_categories
from autotag.domain.rules.checks.conditions import check_conditions
from autotag.domain.rules.checks.duplicates import check_duplicates
from autotag.domain.rules.checks.parent_cycles import check_parent_cycles
from autotag.domain.rules.checks.providers import check_providers
from autotag.domain.rules.checks.review_band import check_review_band
from autotag.domain.rules.checks.tags import check_tags
from autotag.domain.rules.schema import Rules
from autotag.domain.rules.validation.problems import Diagnostic


def contradictions(rules: Rules) -> Iterator[Diagnostic]:
    """Yield every error and warning in ``rules``."""
    checks = (
        check_allow_deny,
        check_duplicates,
        check_review_band,
        check_tags,
        check_parent_cycles,
        check_blocks,
        check_conditions,
        check_providers,
        check_categories,
    )
    for check in checks:
        yield from check(rules)
    if rules.translations or rules.defaults.languages or any(when.set.languages for when in rules.when):
        # imported here since only such rules need it: cold starts are shorter
        from autotag.domain.rules.checks.languages import check_languages

        yield from check_languages(rules)
