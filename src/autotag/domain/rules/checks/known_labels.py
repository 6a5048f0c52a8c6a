"""Warnings about labels that Rekognition never answers with: misspelled ones, and aliases of others."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from autotag.domain.model.bounded_cache import BoundedCache
from autotag.domain.model.label_list import LabelList
from autotag.domain.model.labels import label_key
from autotag.domain.rules.checks.locations import label_tables
from autotag.domain.rules.checks.named_labels import NamedLabel, named_labels
from autotag.domain.rules.schema import Rules
from autotag.domain.rules.validation.problems import Diagnostic, quoted, warning

REKOGNITION = frozenset({"aws_rek_tagging", "rekognition"})
"""The providers whose labels are those of Amazon Rekognition's label model."""

_NEAR = 0.8
"""How much alike two names are, from 0 to 1, for one to be meant by the other."""
_MAX_CACHED = 4096


class KnownLabels:
    """The labels that are known: those ``seen`` in a library, and those of a list that was imported.

    It is false where there are none, so that nothing can be said of any label.
    """

    def __init__(self, seen: Iterable[str] = (), listed: LabelList | None = None) -> None:
        self._seen = {label_key(name): name for name in sorted(seen, reverse=True)}
        self._listed = listed if listed is not None and listed.labels else None
        labels = self._listed.labels if self._listed else {}
        self._labels = {label_key(name): name for name in labels}
        self._aliases: dict[str, list[str]] = {}
        for name, about in labels.items():
            for alias in about.aliases:
                if label_key(alias) not in self._labels:
                    self._aliases.setdefault(label_key(alias), []).append(name)
        self._nearest = BoundedCache(self._find_nearest, _MAX_CACHED)

    def __bool__(self) -> bool:
        """Return whether any label is known."""
        return bool(self._seen or self._labels)

    @property
    def model(self) -> str:
        """Return what the imported list is called in sentences, "" if there is none."""
        return self._listed.name if self._listed else ""

    @property
    def seen(self) -> tuple[str, ...]:
        """Return the labels of a library that are known."""
        return tuple(self._seen.values())

    @property
    def has_seen(self) -> bool:
        """Return whether labels of a library are among those that are known."""
        return bool(self._seen)

    def aliased(self, name: str) -> tuple[str, ...]:
        """Return the labels of which ``name`` is an alias in the list; none if it is a label itself."""
        return tuple(self._aliases.get(label_key(name), ()))

    def has(self, name: str) -> bool:
        """Return whether ``name`` is a label that was seen, or is in the list."""
        key = label_key(name)
        return key in self._seen or key in self._labels

    def nearest(self, name: str) -> str:
        """Return the known label that is most like ``name``, "" if none is like it; for an alias, its label."""
        return self._nearest.get(label_key(name))

    def _find_nearest(self, key: str) -> str:
        near = get_close_matches(key, {*self._seen, *self._labels, *self._aliases}, n=1, cutoff=_NEAR)
        return self._spelled(near[0]) if near else ""

    def _spelled(self, key: str) -> str:
        return self._labels.get(key) or self._seen.get(key) or self._aliases[key][0]


def check_known_labels(rules: Rules, known: KnownLabels) -> Iterator[Diagnostic]:
    """Yield a warning for each label that Rekognition does not answer with, where all providers of the rules are its.

    Names in ``deny`` and in tables of labels that are tags of the same rules need not be labels. An alias is fine
    beside its label: such rules hold under each label model.
    """
    if not known or not REKOGNITION.issuperset(rules.defaults.providers):
        return
    tags, prefixes = _tags(rules), sorted(_prefixes(rules))
    named = [each for each in named_labels(rules) if not (_may_be_tag(each) and label_key(each.name) in tags)]
    beside: dict[str, set[str]] = {}
    for each in named:
        beside.setdefault(each.within.text, set()).add(label_key(each.name))
    for each in named:
        if labels := known.aliased(each.name):
            if beside[each.within.text].isdisjoint(map(label_key, labels)):
                yield _alias(each, labels, known)
        elif not (known.has(each.name) or (_is_denied(each) and _is_prefixed(each.name, prefixes, known))):
            yield _unknown(each, known)


def _alias(each: NamedLabel, labels: tuple[str, ...], known: KnownLabels) -> Diagnostic:
    of = " and ".join(map(quoted, labels))
    found = f"{quoted(each.name)}, an alias of {of} in {known.model}: a rule on it never holds there"
    return warning(each.location, found, of)


def _unknown(each: NamedLabel, known: KnownLabels) -> Diagnostic:
    nowhere = f"never seen and not in {known.model}" if known.has_seen and known.model else ""
    nowhere = nowhere or (f"not in {known.model}" if known.model else "never seen")
    near = known.nearest(each.name)
    expected = "a label of Rekognition"
    return warning(each.location, f"{quoted(each.name)}, {nowhere}", expected, suggestion=quoted(near) if near else "")


def _may_be_tag(each: NamedLabel) -> bool:
    """Return whether a name at this place also concerns the tag of that name, whatever gives it."""
    return each.within.path[-1] in ("deny", "labels")


def _is_denied(each: NamedLabel) -> bool:
    return each.within.path[-1] == "deny"


def _is_prefixed(name: str, prefixes: Iterable[str], known: KnownLabels) -> bool:
    """Return whether ``name`` is what a tag of a known label is written as."""
    keys = [label_key(prefix) for prefix in prefixes]
    return any(label_key(name).startswith(key) and known.has(label_key(name)[len(key) :]) for key in keys)


def _prefixes(rules: Rules) -> set[str]:
    return {rules.defaults.prefix, *(when.set.prefix or "" for when in rules.when)}


def _tags(rules: Rules) -> set[str]:
    """Return the keys of the tags that rules give by name: renamed, implied and added ones, with their prefixes."""
    names = {tag for when in rules.when for tag in when.add}
    for table in label_tables(rules):
        names.update(table.parents)
        names.update(rule.tag for rule in table.rules.values() if rule.tag is not None)
    return {label_key(prefix + name) for prefix in {"", *_prefixes(rules)} for name in names}
