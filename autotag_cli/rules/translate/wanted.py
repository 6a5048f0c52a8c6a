"""The tags of a library that need a word, and what their translation costs."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from autotag.domain.model.labels import label_key
from autotag.domain.rules.checks.categories import NO_SETS, CategorySets
from autotag.domain.rules.checks.locations import label_tables
from autotag.domain.rules.checks.missing_words import named_tags
from autotag.domain.rules.schema import Rules
from autotag.domain.rules.schema_values import language_key
from autotag.domain.statistics.cost.prices import TRANSLATED_CHARACTER
from autotag_cli.input.seen_labels import SeenLabel
from autotag_cli.terminal.output import counted


class Wanted(Struct, frozen=True):
    """The table of a language: ``code`` as it is written in the rules, or else as asked for, and its ``words``.

    ``missing`` are the tags without a word, those of the most frequent labels first, of ``tags`` in all.
    """

    code: str
    words: Mapping[str, str]
    missing: tuple[str, ...]
    tags: int

    @property
    def question(self) -> str:
        """Return what Amazon Translate is to be asked for and what it costs, as a question."""
        characters = sum(map(len, self.missing))
        dollars = characters * TRANSLATED_CHARACTER
        cost = f"about ${dollars:,.2f}" if dollars >= 0.01 else "less than $0.01"
        return (
            f"Ask Amazon Translate for {counted(len(self.missing), 'word')} in {self.code}? These are "
            f"{counted(characters, 'character')}, {cost} at $15 per million characters "
            "(aws.amazon.com/translate/pricing)."
        )


def wanted(rules: Rules, code: str, labels: Iterable[SeenLabel], sets: CategorySets = NO_SETS) -> Wanted:
    """Return what the table of the language ``code`` needs for the tags of ``rules`` and those of ``labels``.

    Labels count that became a tag, that people are asked about, or that are sure enough for either. ``sets`` are the
    labels of categories, whose bars and refusals count for them.
    """
    written = next((each for each in rules.translations if language_key(each) == language_key(code)), code)
    words = rules.translations.get(written, {})
    known = set(map(label_key, words))
    tags = named_tags(rules, _becoming_tags(rules, labels, sets))
    missing = tuple(tag.name for tag in tags if known.isdisjoint(tag.keys))
    return Wanted(written, words, missing, len(tags))


def _becoming_tags(rules: Rules, labels: Iterable[SeenLabel], sets: CategorySets) -> Iterator[str]:
    own = {label_key(name): rule.threshold for name, rule in rules.labels.items() if rule.threshold is not None}
    usual = min(_usual_bars(rules))
    in_blocks: dict[str, float] = {}
    for when in rules.when:
        for name, rule in when.labels.items():
            if rule.threshold is not None:
                in_blocks[label_key(name)] = min(rule.threshold, in_blocks.get(label_key(name), 1.0))
    bars, denied = _of_categories(rules, sets)
    for each in labels:
        key = label_key(each.label)
        if key in denied:
            continue
        bar = min(own.get(key, usual), in_blocks.get(key, 1.0), bars.get(key, 1.0))
        if each.tagged or each.in_review or each.p90 >= bar:
            yield each.label


def _of_categories(rules: Rules, sets: CategorySets) -> tuple[dict[str, float], set[str]]:
    """Return the lowest bar that a category sets for each label, by its key, and the labels that are never written."""
    labels = {label_key(name): keys for name, keys in sets.items()}
    bars: dict[str, float] = {}
    denied: set[str] = set()
    written: set[str] = set()
    for table in label_tables(rules):
        for name, rule in table.categories.items():
            keys = labels.get(label_key(name), ())
            if rule.deny and table.index is None:
                denied.update(keys)
            elif rule.deny is False:
                written.update(keys)
            lowest = min((bar for bar in (rule.threshold, rule.review) if bar is not None), default=1.0)
            bars.update((key, min(lowest, bars.get(key, 1.0))) for key in keys)
    return bars, denied - written


def _usual_bars(rules: Rules) -> Iterator[float]:
    yield rules.defaults.threshold
    yield from (rule.threshold for rule in rules.providers.values() if rule.threshold is not None)
    bars = [rules.defaults.review, *(bar for when in rules.when for bar in (when.set.threshold, when.set.review))]
    yield from (bar for bar in bars if bar is not None)
