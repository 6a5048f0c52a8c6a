"""Compiled rules: a lookup of a label costs the same with ten label rules as with five thousand."""

from collections.abc import Mapping
from typing import NamedTuple

from msgspec import Struct

from autotag.domain.model.asset import MetadataValue, format_key, holds_metadata
from autotag.domain.model.audit import RulesRef
from autotag.domain.model.bounded_cache import BoundedCache
from autotag.domain.model.folder_glob import folder_pattern, literal_prefix
from autotag.domain.model.labels import Label, label_key, unusable
from autotag.domain.rules.checks.categories import NO_SETS, CategorySets, required_sets
from autotag.domain.rules.compiled.label_rules import categories_of_labels
from autotag.domain.rules.compiled.languages import tables_of
from autotag.domain.rules.compiled.settings import (
    Block,
    Settings,
    apply_block,
    bar_of,
    base_settings,
    compile_block,
    provider_bars,
)
from autotag.domain.rules.parse import rules_version
from autotag.domain.rules.schema import Rules
from autotag.domain.rules.schema_values import listed

_MAX_FOLDERS = 4096
_MAX_CACHED = 65536
"""Maximum number of names, implied tags, label rules and blocks that the cached settings of a rulebook hold."""


class Subject(Struct, frozen=True):
    """The asset to decide on. ``user_tags`` are people's tags; ``resource_type`` is "" where it is not known.

    ``metadata`` is the structured metadata, empty where it was never seen.
    ``suppressed`` holds the keys of tags and of labels that a person removed from this asset. ``ancestors`` are those
    that Rekognition's answer about this asset names, by the key of the label.
    """

    folder: str = ""
    format: str = ""
    context: dict[str, str] = {}
    user_tags: tuple[str, ...] = ()
    managed_tags: frozenset[str] = frozenset()
    suppressed: frozenset[str] = frozenset()
    resource_type: str = ""
    metadata: Mapping[str, MetadataValue] = {}
    ancestors: dict[str, tuple[str, ...]] = {}


class Ruleset:
    """Compiled rules. ``version`` is the hash of their canonical form.

    ``sets`` are the labels of the categories that the rules name, and of no others.
    ``adopts``: tags that Cloudinary assigned become managed tags. ``follows``: a moved asset is decided on again.
    ``agree`` is the highest number of providers that any setting asks for. ``by_provider``: the labels of each provider
    count for themselves. ``tests_labels``, ``tests_metadata``: a block asks for these. ``prefixes`` are the keys of all
    prefixes of tags.
    Settings, folders and names are cached, within bounds; the caches never change a decision.
    """

    def __init__(self, rules: Rules, sets: CategorySets = NO_SETS) -> None:
        """Compile ``rules``; raises ``InvalidRules`` if they name a category that ``sets`` lack."""
        self._rules = rules
        self.name = rules.name
        self.sets: CategorySets = required_sets(rules, sets)
        self.version = rules_version(rules, self.sets)
        self._categories = categories_of_labels(self.sets)
        self.providers = rules.defaults.providers
        self.adopts = rules.defaults.auto_tagged == "adopt"
        self.follows = rules.defaults.on_move == "decide"
        self.agree = max(rules.defaults.agree, *(when.set.agree or 1 for when in rules.when), 1)
        self.bars = provider_bars(rules)
        self.by_provider = self.agree > 1 or bool(self.bars)
        prefixes = (rules.defaults.prefix, *(when.set.prefix for when in rules.when))
        self.prefixes = frozenset(label_key(prefix) for prefix in prefixes if prefix)
        tables = tables_of(rules.translations)
        self._blocks = tuple(compile_block(i, when, tables) for i, when in enumerate(rules.when))
        self._anywhere = tuple(i for i, when in enumerate(rules.when) if when.folder is None)
        self._by_prefix: dict[tuple[str, ...], list[int]] = {}
        for i, when in enumerate(rules.when):
            if when.folder is not None:
                self._by_prefix.setdefault(literal_prefix(when.folder), []).append(i)
        self._patterns = {i: folder_pattern(w.folder) for i, w in enumerate(rules.when) if w.folder is not None}
        self._not_in = {
            i: tuple(map(folder_pattern, each)) for i, w in enumerate(rules.when) if (each := listed(w.folder_not))
        }
        self._by_tags = frozenset(i for i, each in enumerate(self._blocks) if each.tested_tags)
        self._by_labels = frozenset(i for i, each in enumerate(self._blocks) if each.tested_labels)
        self.tests_labels = bool(self._by_labels)
        self.tests_metadata = any(block.metadata for block in self._blocks)
        self._in_folder = BoundedCache(self._blocks_in, _MAX_FOLDERS)
        self._settings = BoundedCache(self._settings_with, _MAX_CACHED)
        self._settings.get(())  # compile the label rules now, not with the first asset

    @property
    def base(self) -> Settings:
        """The settings for assets that no block matches."""
        return self._settings.get(())

    @property
    def tested_tags(self) -> frozenset[str]:
        """The keys of the tags that blocks test."""
        return frozenset[str]().union(*(block.tested_tags for block in self._blocks))

    @property
    def tested_labels(self) -> frozenset[str]:
        """The keys of the labels that blocks test."""
        return frozenset[str]().union(*(block.tested_labels for block in self._blocks))

    @property
    def ref(self) -> RulesRef:
        """The name and the version, as audits record them."""
        return RulesRef(self.name, self.version)

    def settings_for(
        self,
        subject: Subject,
        labels: Mapping[str, Label] | None,
        each: Mapping[str, Mapping[str, Label]] | None = None,
    ) -> Settings:
        """Return the defaults changed by every block that matches ``subject``, in file order.

        ``labels`` are by key. With None, which is not known yet, no block matches that tests labels. ``each`` are those
        of each provider; they are needed where a provider has a threshold of its own.
        """
        if not self._blocks:
            return self._settings.get(())
        matched: list[int] = []
        tag_keys: frozenset[str] | None = None
        for i in self._in_folder.get(subject.folder):
            block = self._blocks[i]
            if block.resource_types is not None and subject.resource_type not in block.resource_types:
                continue
            if block.formats is not None and format_key(subject.format) not in block.formats:
                continue
            if i in self._by_tags:
                if tag_keys is None:
                    tag_keys = frozenset(map(label_key, subject.user_tags))
                if not _tags_hold(block, tag_keys):
                    continue
            context = block.rule.context
            if context and any(subject.context.get(key) != value for key, value in context.items()):
                continue
            if block.metadata and not holds_metadata(subject.metadata, block.metadata):
                continue
            if i in self._by_labels and (
                labels is None or not _labels_hold(block, labels, each, self._settings.get(tuple(matched)))
            ):
                continue
            matched.append(i)
        return self._settings.get(tuple(matched))

    def _blocks_in(self, folder: str) -> tuple[int, ...]:
        """Return the indexes of the blocks whose folder matches, or that match in any folder."""
        segments = tuple(folder.split("/")) if folder else ()
        indexes = list(self._anywhere)
        for n in range(len(segments) + 1):
            indexes += [i for i in self._by_prefix.get(segments[:n], ()) if self._patterns[i].fullmatch(folder)]
        if self._not_in:
            indexes = [i for i in indexes if not any(each.fullmatch(folder) for each in self._not_in.get(i, ()))]
        return tuple(sorted(indexes))

    def _settings_with(self, matched: tuple[int, ...]) -> Settings:
        """Return the defaults changed by the blocks with these indexes."""
        if not matched:
            return base_settings(self._rules, self._categories, self._settings.charge)
        earlier = self._settings.entries.get(matched[:-1])
        settings = earlier or self._settings.get(())
        for i in matched[-1:] if earlier else matched:
            settings = apply_block(settings, self._blocks[i])
        self._settings.charge(len(matched) + len(settings.add))
        return settings


def _tags_hold(block: Block, keys: frozenset[str]) -> bool:
    """Return whether people's tags with these keys are as the block asks."""
    if block.tags_any is not None and block.tags_any.isdisjoint(keys):
        return False
    return block.tags_none is None or block.tags_none.isdisjoint(keys)


def _labels_hold(
    block: Block, labels: Mapping[str, Label], each: Mapping[str, Mapping[str, Label]] | None, settings: Settings
) -> bool:
    """Return whether the labels that reach their threshold, even those that are denied, are as the block asks."""

    def reaches(key: str) -> bool:
        label = labels.get(key)
        if label is None:
            return False
        own = settings.label_plans.lookup(label.name).threshold
        if own is None and settings.bars:
            return _one_reaches(key, unusable(label), each or {}, settings)
        return label.confidence >= (settings.threshold if own is None else own)

    return (
        (block.labels_any is None or any(map(reaches, block.labels_any)))
        and (block.labels_all is None or all(map(reaches, block.labels_all)))
        and (block.labels_none is None or not any(map(reaches, block.labels_none)))
    )


def _one_reaches(key: str, faulty: bool, each: Mapping[str, Mapping[str, Label]], settings: Settings) -> bool:
    """Return whether the label of one provider reaches its bar; one with a fault counts only if all have one."""
    for provider, labels in each.items():
        label = labels.get(key)
        if label is not None and unusable(label) == faulty and label.confidence >= bar_of(provider, settings)[0]:
            return True
    return False


class ActiveRules(NamedTuple):
    """Compiled rules that are in force, and the number of the push that activated them (0: the deployed file)."""

    ruleset: Ruleset
    seq: int
