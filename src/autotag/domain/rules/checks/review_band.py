"""A check of the review band, from ``review`` up to ``threshold``: it is empty if ``review`` is above ``threshold``."""

from collections.abc import Iterator

from autotag.domain.rules.checks.locations import DEFAULTS, block, label_tables
from autotag.domain.rules.schema import Rules
from autotag.domain.rules.validation.problems import Diagnostic, error, warning

_THRESHOLD, _REVIEW = DEFAULTS.key("threshold"), DEFAULTS.key("review")


def check_review_band(rules: Rules) -> Iterator[Diagnostic]:
    """Yield review bars above their threshold.

    A label's own threshold below the review bar is fine: that label needs no review. A block that sets only one of the
    two is compared with the defaults. It passes if another block that sets the other one may apply too.
    """
    base = rules.defaults
    if base.review is not None and base.review > base.threshold:
        yield error(_REVIEW, f"{base.review:g}", f"at most {_THRESHOLD.text}, which is {base.threshold:g}", _THRESHOLD)
    thresholds = {i: w.set.threshold for i, w in enumerate(rules.when) if w.set.threshold is not None}
    highest = max(base.threshold, *thresholds.values()) if thresholds else base.threshold
    others = (_THRESHOLD, *(block(i).key("set").key("threshold") for i in thresholds))
    only_bar = (
        base.review is not None
        and base.review <= base.threshold
        and not any(w.set.review is not None for w in rules.when)
    )
    for i, when in enumerate(rules.when):
        location, change = block(i).key("set"), when.set
        if change.review is not None and change.threshold is not None:
            if change.review > change.threshold:
                yield error(
                    location.key("review"),
                    f"{change.review:g}",
                    f"at most {location.key('threshold').text}, which is {change.threshold:g}",
                    location.key("threshold"),
                )
        elif change.review is not None and change.review > highest:
            yield error(
                location.key("review"),
                f"{change.review:g}",
                f"at most {highest:g}, the highest threshold",
                *others,
            )
        elif change.threshold is not None and base.review is not None and only_bar and change.threshold < base.review:
            yield warning(
                location.key("threshold"),
                f"{change.threshold:g}, below {_REVIEW.text}, so that no label is ever reviewed",
                f"at least {base.review:g}, or a lower review beside it",
                _REVIEW,
            )
    yield from _of_categories(rules)


def _of_categories(rules: Rules) -> Iterator[Diagnostic]:
    """Yield review bars of categories that no threshold is above, where no other bar is.

    Beside another bar such a bar has an effect: people are not asked about the labels of the category. Those with a
    threshold beside them are compared with it where other faults of categories are found.
    """
    tables = tuple(label_tables(rules))
    overrides = [when.set for when in rules.when]
    categories = [rule for table in tables for rule in table.categories.values()]
    rules_of_names = [rule for table in tables for rule in table.rules.values()] + [*rules.providers.values()]
    thresholds = [each.threshold for each in overrides + categories + rules_of_names]
    highest = max([rules.defaults.threshold, *(each for each in thresholds if each is not None)])
    reviews = [rules.defaults.review, *(each.review for each in overrides), *(each.review for each in categories)]
    if any(review is not None and review <= highest for review in reviews):
        return
    for table in tables:
        for name, rule in table.categories.items():
            if rule.review is not None and rule.threshold is None and not rule.deny:
                yield warning(
                    table.category(name).key("review"),
                    f"{rule.review:g}, above every threshold, so that no label is ever reviewed",
                    f"at most {highest:g}, the highest threshold",
                )
