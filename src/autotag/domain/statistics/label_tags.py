"""The tags that rules may make of a label: more than one in several languages, or where blocks rename or prefix it."""

from autotag.domain.model.bounded_cache import BoundedCache
from autotag.domain.model.labels import label_key
from autotag.domain.rules.schema import Rules

_MAX_CACHED = 65536


class LabelTags:
    """The keys of the tags of each label under some rules, whatever the asset."""

    def __init__(self, rules: Rules) -> None:
        prefixes = (rules.defaults.prefix, *(when.set.prefix for when in rules.when))
        self._prefixes = {prefix for prefix in prefixes if prefix is not None}
        self._own = {label_key(name): rule.tag for name, rule in rules.labels.items() if rule.tag is not None}
        self._of_blocks: dict[str, set[str]] = {}
        for when in rules.when:
            for name, rule in when.labels.items():
                if rule.tag is not None:
                    self._of_blocks.setdefault(label_key(name), set()).add(rule.tag)
        self._words = [{label_key(name): word for name, word in table.items()} for table in rules.translations.values()]
        self._known = BoundedCache(self._find, _MAX_CACHED)

    def keys_of(self, key: str) -> frozenset[str]:
        """Return the keys of the tags that the label with this ``key`` may give."""
        return self._known.get(key)

    def _find(self, key: str) -> frozenset[str]:
        names = {self._own.get(key, key)} | self._of_blocks.get(key, set())
        for words in self._words:
            names |= {words[name] for name in (key, *map(label_key, names)) if name in words}
        return frozenset(label_key(prefix + name) for prefix in self._prefixes for name in names)
