"""Settings in layers: the defaults, and over them every ``[[when]]`` block that matches, in file order."""

from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from autotag.domain.model.asset import format_key
from autotag.domain.model.labels import REKOGNITION, label_key
from autotag.domain.model.outcome import Mode
from autotag.domain.model.verdicts import Bar
from autotag.domain.rules.compiled.label_plan import Charge, LabelPlan, LabelPlans
from autotag.domain.rules.compiled.label_rules import (
    CategoryTables,
    KeyedCategories,
    KeyedRules,
    categories_by_key,
    overlay,
    rules_by_key,
)
from autotag.domain.rules.compiled.languages import NO_TABLES, Languages, Tables, languages_of, tables_of
from autotag.domain.rules.schema import Rules, When
from autotag.domain.rules.schema_values import Ancestors, listed


class Settings(Struct, frozen=True):
    """The settings for one asset, after every matching block; ``*_path`` is the path of the rule that set a value.

    ``agree`` is how many providers must give a tag. ``bars`` are the thresholds of providers that have one of their
    own, 0 to 1. ``ancestors`` is what comes of the ancestors of kept labels, None if the rules leave out Rekognition's
    own answers, which name them.
    """

    threshold: float
    threshold_path: str
    review: float | None
    review_path: str
    max_tags: int
    max_tags_path: str
    agree: int
    agree_path: str
    bars: Mapping[str, float]
    ancestors: Ancestors | None
    mode: Mode
    label_plans: LabelPlans
    add: tuple[tuple[str, str], ...] = ()
    skip: str = ""


def bar_of(provider: str, settings: Settings) -> tuple[float, str]:
    """Return what a provider's label must reach that has no threshold of its own, and the path of that rule."""
    own = settings.bars.get(provider)
    if own is None:
        return settings.threshold, settings.threshold_path
    return own, f'providers."{provider}".threshold'


def review_bar(plan: LabelPlan, settings: Settings) -> float | None:
    """Return the confidence from which a person is asked about a label, None if nobody is."""
    return settings.review if plan.review is None else plan.review


def label_bar(plan: LabelPlan, provider: str, settings: Settings) -> Bar:
    """Return the bar of a provider's label: its threshold, and where people are asked below that."""
    threshold = bar_of(provider, settings)[0] if plan.threshold is None else plan.threshold
    review = review_bar(plan, settings)
    return Bar(threshold, review if review is not None and review < threshold else None)


class Block(Struct, frozen=True):
    """One ``[[when]]`` block, compiled for matching."""

    rule: When
    path: str
    resource_types: frozenset[str] | None
    formats: frozenset[str] | None
    tags_any: frozenset[str] | None
    tags_none: frozenset[str] | None
    labels_any: frozenset[str] | None
    labels_all: frozenset[str] | None
    labels_none: frozenset[str] | None
    labels: KeyedRules
    categories: KeyedCategories
    metadata: tuple[tuple[str, frozenset[str]], ...] = ()
    languages: Languages | None = None

    @property
    def tested_tags(self) -> frozenset[str]:
        """The keys of the tags that it tests."""
        return (self.tags_any or _NO_KEYS) | (self.tags_none or _NO_KEYS)

    @property
    def tested_labels(self) -> frozenset[str]:
        """The keys of the labels that it tests."""
        return (self.labels_any or _NO_KEYS) | (self.labels_all or _NO_KEYS) | (self.labels_none or _NO_KEYS)


_NO_KEYS: frozenset[str] = frozenset()


def base_settings(rules: Rules, categories: Mapping[str, tuple[str, ...]], charge: Charge) -> Settings:
    """Return the settings for assets that no block matches; ``charge`` counts the plans that they cache.

    ``categories`` are the keys of each label's categories, by the key of the label.
    """
    defaults = rules.defaults
    return Settings(
        threshold=defaults.threshold,
        threshold_path="defaults.threshold",
        review=defaults.review,
        review_path="defaults.review",
        max_tags=defaults.max_tags,
        max_tags_path="defaults.max_tags",
        agree=defaults.agree,
        agree_path="defaults.agree",
        bars=provider_bars(rules),
        ancestors=defaults.ancestors if REKOGNITION in defaults.providers else None,
        mode=defaults.mode,
        label_plans=LabelPlans(
            overlay((), rules_by_key(rules.labels, "")),
            CategoryTables(categories, (categories_by_key(rules.categories, ""),)),
            defaults.case,
            defaults.prefix,
            deny=frozenset(map(label_key, defaults.deny)),
            allow=frozenset(map(label_key, defaults.allow)),
            charge=charge,
            languages=languages_of(defaults.languages, tables_of(rules.translations)),
        ),
    )


def provider_bars(rules: Rules) -> dict[str, float]:
    """Return the thresholds of those of the providers that count that have one of their own."""
    found = ((name, rules.providers.get(name)) for name in rules.defaults.providers)
    return {name: rule.threshold for name, rule in found if rule is not None and rule.threshold is not None}


def compile_block(index: int, when: When, tables: Tables = NO_TABLES) -> Block:
    """Compile the block at ``index``, which counts from 0; paths count from 1. ``tables`` are those of translations."""
    path = f'when[{index + 1}] "{when.name}"' if when.name else f"when[{index + 1}]"
    return Block(
        rule=when,
        path=path,
        resource_types=None if when.resource_type is None else frozenset(when.resource_type),
        formats=None if when.format is None else frozenset(map(format_key, when.format)),
        tags_any=_keys(when.tags_any),
        tags_none=_keys(when.tags_none),
        labels_any=_keys(when.labels_any),
        labels_all=_keys(when.labels_all),
        labels_none=_keys(when.labels_none),
        labels=rules_by_key(when.labels, f"{path}."),
        categories=categories_by_key(when.categories, f"{path}."),
        metadata=tuple((field, frozenset(listed(values))) for field, values in when.metadata.items()),
        languages=languages_of(when.set.languages or (), tables),
    )


def apply_block(settings: Settings, block: Block) -> Settings:
    """Return ``settings`` with the changes of a block that matches."""
    change = block.rule.set
    fields: dict[str, object] = {}
    for name in ("threshold", "review", "max_tags", "agree"):
        if getattr(change, name) is not None:
            fields[name] = getattr(change, name)
            fields[f"{name}_path"] = f"{block.path}.set.{name}"
    languages = settings.label_plans.languages if change.languages is None else block.languages
    return replace(
        settings,
        mode=change.mode or settings.mode,
        ancestors=settings.ancestors and (change.ancestors or settings.ancestors),
        label_plans=settings.label_plans.changed(block.labels, block.categories, change.case, change.prefix, languages),
        add=settings.add + tuple((tag, f"{block.path}.add") for tag in block.rule.add),
        skip=settings.skip or (f"{block.path}.skip" if block.rule.skip else ""),
        **fields,
    )


def _keys(names: Iterable[str] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(map(label_key, names))
