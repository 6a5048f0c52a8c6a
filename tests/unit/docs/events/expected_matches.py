"""Which samples each sample rule matches, by the names of their files; tests ask two matchers of event patterns."""

from tests.unit.docs.events.event_samples import samples

_TAGGED = {"asset-tagged", "asset-tagged-by-reviewer"}

MATCHES: dict[str, set[str]] = {
    "every-event": set(samples()),
    "asset-tagged": _TAGGED,
    "tag-added": {"asset-tagged"},
    "public-id-prefix": _TAGGED,
    "without-runs": _TAGGED,
    "by-people": {"asset-tagged-by-reviewer"},
    "review-needed": {"review-needed"},
    "trouble": {"categorization-failed"},
    "asset-deleted": {"asset-skipped-deleted"},
}
