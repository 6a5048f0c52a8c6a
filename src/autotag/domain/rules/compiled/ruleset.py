"""Compiled rules: a lookup of a label costs the same with ten label rules as with five thousand."""

from collections.abc import Mapping
from typing import NamedTuple

from msgspec import Struct

from autotag.domain.model.audit import RulesRef
from autotag.domain.model.folder_glob import folder_pattern, literal_prefix
from autotag.domain.model.labels import Label, label_key
from autotag.domain.rules.compiled.label_plan import Allowance
from autotag.domain.rules.compiled.settings import Settings, applied, base_settings, compiled
from autotag.domain.rules.parse import Rules, rules_version

_MEMO = 4096


class Subject(Struct, frozen=True):
    """The asset to decide on. ``tags`` are people's tags; ``ours`` are the managed tags.

    ``suppressed`` holds the keys of tags and of labels that a person removed from this asset.
    """

    folder: str = ""
    format: str = ""
    context: dict[str, str] = {}
    tags: tuple[str, ...] = ()
    ours: frozenset[str] = frozenset()
    suppressed: frozenset[str] = frozenset()


class Rulebook:
    """Compiled rules. ``version`` is the hash of their canonical form.

    Results for folders and names are cached, within bounds; the caches never change a decision.
    """

    def __init__(self, rules: Rules) -> None:
        self.name = rules.name
        self.version = rules_version(rules)
        self.providers = rules.defaults.providers
        self.adopts = rules.defaults.auto_tagged == "adopt"
        self.follows = rules.defaults.on_move == "decide"
        prefixes = (rules.defaults.prefix, *(when.set.prefix for when in rules.when))
        self.prefixes = frozenset(label_key(prefix) for prefix in prefixes if prefix)
        self._blocks = tuple(compiled(i, when) for i, when in enumerate(rules.when))
        self._anywhere = tuple(i for i, when in enumerate(rules.when) if when.folder is None)
        self._by_prefix: dict[tuple[str, ...], list[int]] = {}
        for i, when in enumerate(rules.when):
            if when.folder is not None:
                self._by_prefix.setdefault(literal_prefix(when.folder), []).append(i)
        self._patterns = {i: folder_pattern(w.folder) for i, w in enumerate(rules.when) if w.folder is not None}
        self._in_folder: dict[str, tuple[int, ...]] = {}
        self._allowance = Allowance()
        self._base = base_settings(rules, self._allowance)
        self._settings: dict[tuple[int, ...], Settings] = {(): self._base}

    @property
    def ref(self) -> RulesRef:
        """The name and the version, as audits record them."""
        return RulesRef(self.name, self.version)

    def settings_for(self, subject: Subject, labels: Mapping[str, Label]) -> Settings:
        """Return the defaults changed by every block that matches ``subject``, in file order; ``labels`` are by key."""
        if self._allowance.left <= 0:
            self._forget()
        if not self._blocks:
            return self._base
        matched: list[int] = []
        tag_keys: frozenset[str] | None = None
        for i in self._candidates(subject.folder):
            block = self._blocks[i]
            if block.formats is not None and subject.format.lower() not in block.formats:
                continue
            if block.tags_any is not None:
                if tag_keys is None:
                    tag_keys = frozenset(map(label_key, subject.tags))
                if block.tags_any.isdisjoint(tag_keys):
                    continue
            context = block.rule.context
            if context and any(subject.context.get(key) != value for key, value in context.items()):
                continue
            if block.labels_any is not None and not _any_kept(block.labels_any, labels, self._fold(tuple(matched))):
                continue
            matched.append(i)
        return self._fold(tuple(matched))

    def _candidates(self, folder: str) -> tuple[int, ...]:
        known = self._in_folder.get(folder)
        if known is None:
            segments = tuple(folder.split("/")) if folder else ()
            found = list(self._anywhere)
            for n in range(len(segments) + 1):
                found += [i for i in self._by_prefix.get(segments[:n], ()) if self._patterns[i].fullmatch(folder)]
            known = _remember(self._in_folder, folder, tuple(sorted(found)))
        return known

    def _fold(self, matched: tuple[int, ...]) -> Settings:
        settings = self._settings.get(matched)
        if settings is None:
            known = self._settings.get(matched[:-1])
            settings = known or self._base
            for i in matched[-1:] if known else matched:
                settings = applied(settings, self._blocks[i])
            _remember(self._settings, matched, settings)
        return settings

    def _forget(self) -> None:
        self._settings = {(): self._base}
        self._base.prospects.forget()
        self._allowance.refill()


def _any_kept(wanted: frozenset[str], labels: Mapping[str, Label], settings: Settings) -> bool:
    for key in wanted:
        label = labels.get(key)
        if label is not None:
            own = settings.prospects[label.name].threshold
            if label.confidence >= (settings.threshold if own is None else own):
                return True
    return False


def _remember[K, V](memo: dict[K, V], key: K, value: V) -> V:
    if len(memo) >= _MEMO:  # bounded: assets may sit in any number of folders
        memo.pop(next(iter(memo)))
    memo[key] = value
    return value


class ActiveRules(NamedTuple):
    """Compiled rules that are in force, and the number of the push that activated them (0: the deployed file)."""

    ruleset: Rulebook
    seq: int
