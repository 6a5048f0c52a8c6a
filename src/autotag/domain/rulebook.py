"""Rules, compiled once: looking a label up costs the same with ten label rules as with five thousand."""

from collections.abc import Collection, Mapping
from string import capwords

from msgspec import Struct

from autotag.domain.glob import folder_pattern, literal_prefix
from autotag.domain.labels import Label, label_key
from autotag.domain.rules import Case, LabelRule, Mode, Overrides, Rules, When, rules_version

_MEMO = 4096


class Subject(Struct, frozen=True):
    """What is known of the asset to decide on. ``tags`` are people's; ``ours`` are those that this service added.

    ``suppressed`` holds the keys of tags and of labels that a person took away from this asset.
    """

    folder: str = ""
    format: str = ""
    context: dict[str, str] = {}
    tags: tuple[str, ...] = ()
    ours: frozenset[str] = frozenset()
    suppressed: frozenset[str] = frozenset()


class CompiledLabel(Struct, frozen=True):
    """A label rule with the path of each of its keys, for explanations."""

    threshold: float | None = None
    threshold_path: str = ""
    tag: str | None = None
    parents: tuple[str, ...] = ()
    parents_path: str = ""
    priority: int = 0


class Settings(Struct, frozen=True):
    """What holds for one asset, after every matching block; ``*_path`` says which rule set it."""

    threshold: float
    threshold_path: str
    review: float | None
    review_path: str
    max_tags: int
    max_tags_path: str
    case: Case
    prefix: str
    mode: Mode
    labels: Mapping[str, CompiledLabel]
    add: tuple[tuple[str, str], ...] = ()
    skip: str = ""


class _Block(Struct, frozen=True):
    """One ``[[when]]`` block, ready to be asked."""

    rule: When
    path: str
    formats: frozenset[str] | None
    tags_any: frozenset[str] | None
    labels_any: frozenset[str] | None
    labels: dict[str, tuple[str, LabelRule]]


class Rulebook:
    """Compiled rules. ``version`` is the hash of their canonical form."""

    def __init__(self, rules: Rules) -> None:
        defaults = rules.defaults
        self.name = rules.name
        self.version = rules_version(rules)
        self.providers = defaults.providers
        self.deny = frozenset(map(label_key, defaults.deny))
        self.adopts = defaults.auto_tagged == "adopt"
        self.allow = frozenset(map(label_key, defaults.allow))
        base = _overlay({}, {label_key(n): (_quoted("labels", n), rule) for n, rule in rules.labels.items()})
        self._base = Settings(
            threshold=defaults.threshold,
            threshold_path="defaults.threshold",
            review=defaults.review,
            review_path="defaults.review",
            max_tags=defaults.max_tags,
            max_tags_path="defaults.max_tags",
            case=defaults.case,
            prefix=defaults.prefix,
            mode=defaults.mode,
            labels=base,
        )
        self._blocks = tuple(_block(i, when) for i, when in enumerate(rules.when))
        self._anywhere = tuple(i for i, when in enumerate(rules.when) if when.folder is None)
        self._by_prefix: dict[tuple[str, ...], list[int]] = {}
        for i, when in enumerate(rules.when):
            if when.folder is not None:
                self._by_prefix.setdefault(literal_prefix(when.folder), []).append(i)
        self._patterns = {i: folder_pattern(w.folder) for i, w in enumerate(rules.when) if w.folder is not None}
        self._in_folder: dict[str, tuple[int, ...]] = {}
        self._settings: dict[tuple[int, ...], Settings] = {(): self._base}

    def settings_for(self, subject: Subject, labels: Mapping[str, Label]) -> Settings:
        """Fold every block that matches ``subject`` over the defaults, in file order; ``labels`` are keyed."""
        if not self._blocks:
            return self._base
        matched: tuple[int, ...] = ()
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
            if any(subject.context.get(key) != value for key, value in block.rule.context.items()):
                continue
            if block.labels_any is not None and not _any_kept(block.labels_any, labels, self._fold(matched)):
                continue
            matched += (i,)
        return self._fold(matched)

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
                settings = _apply(settings, self._blocks[i])
            _remember(self._settings, matched, settings)
        return settings


def format_tag(name: str, settings: Settings) -> str:
    """Spell ``name`` as the settings' case and prefix say."""
    if settings.case == "lower":
        name = name.lower()
    elif settings.case == "title":
        name = capwords(name)
    return settings.prefix + name


def _block(index: int, when: When) -> _Block:
    path = f'when[{index + 1}] "{when.name}"' if when.name else f"when[{index + 1}]"
    return _Block(
        rule=when,
        path=path,
        formats=None if when.format is None else frozenset(f.lower().lstrip(".") for f in when.format),
        tags_any=_keys(when.tags_any),
        labels_any=_keys(when.labels_any),
        labels={label_key(n): (f"{path}.{_quoted('labels', n)}", rule) for n, rule in when.labels.items()},
    )


def _apply(settings: Settings, block: _Block) -> Settings:
    change: Overrides = block.rule.set
    given = {name: value for name in Overrides.__struct_fields__ if (value := getattr(change, name)) is not None}
    for name in ("threshold", "review", "max_tags"):
        if name in given:
            given[f"{name}_path"] = f"{block.path}.set.{name}"
    fields = {name: getattr(settings, name) for name in Settings.__struct_fields__} | given
    if block.labels:
        fields["labels"] = _overlay(settings.labels, block.labels)
    fields["add"] = settings.add + tuple((tag, f"{block.path}.add") for tag in block.rule.add)
    fields["skip"] = settings.skip or (f"{block.path}.skip" if block.rule.skip else "")
    return Settings(**fields)


def _overlay(
    below: Mapping[str, CompiledLabel], above: Mapping[str, tuple[str, LabelRule]]
) -> dict[str, CompiledLabel]:
    merged = dict(below)
    for key, (path, rule) in above.items():
        old = merged.get(key, CompiledLabel())
        own_threshold, own_parents = rule.threshold is not None, rule.parents is not None
        merged[key] = CompiledLabel(
            threshold=rule.threshold if own_threshold else old.threshold,
            threshold_path=f"{path}.threshold" if own_threshold else old.threshold_path,
            tag=old.tag if rule.tag is None else rule.tag,
            parents=old.parents if rule.parents is None else rule.parents,
            parents_path=f"{path}.parents" if own_parents else old.parents_path,
            priority=old.priority if rule.priority is None else rule.priority,
        )
    return merged


def _any_kept(wanted: frozenset[str], labels: Mapping[str, Label], settings: Settings) -> bool:
    for key in wanted:
        label = labels.get(key)
        if label is not None:
            rule = settings.labels.get(key)
            own = rule.threshold if rule is not None else None
            if label.confidence >= (settings.threshold if own is None else own):
                return True
    return False


def _quoted(table: str, name: str) -> str:
    return f'{table}."{name}"'


def _keys(names: Collection[str] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(map(label_key, names))


def _remember[K, V](memo: dict[K, V], key: K, value: V) -> V:
    if len(memo) >= _MEMO:  # bounded: assets may sit in any number of folders
        memo.pop(next(iter(memo)))
    memo[key] = value
    return value
