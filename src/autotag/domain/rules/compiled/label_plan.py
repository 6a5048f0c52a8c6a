"""What the rules say about each label name, computed at the first lookup of the name and cached for later assets.

The number of names is unbounded, so each counts toward the limit of the cache that holds the settings. Names that are
too long for any tag are not cached.
"""

import math
from collections.abc import Callable
from string import capwords

from msgspec import Struct

from autotag.domain.model.bounded_cache import weight
from autotag.domain.model.labels import label_key, why_unwritable
from autotag.domain.model.outcome import OutcomeKind
from autotag.domain.rules.compiled.implied_tag import Implied, ImpliedTag
from autotag.domain.rules.compiled.label_rules import (
    CategoryTables,
    KeyedCategories,
    KeyedRules,
    LabelRules,
    OfCategories,
    PathedTags,
    find_rule,
    overlay,
)
from autotag.domain.rules.compiled.languages import NO_WORDS, Languages, Word, spoken
from autotag.domain.rules.schema_values import Case

Charge = Callable[[int], None]
"""Counts names and label rules toward the limit of a cache."""


class LabelPlan(Struct, frozen=True, gc=False):
    """What the rules say about the labels with one name.

    ``key`` is the label's key, ``tag_key`` that of the tag it gives, ``name_key`` that of the tag before case and
    prefix. ``sources`` is what a tag stands for that only this label gives: ``key`` and ``name_key``. ``threshold`` is
    the label's own or that of its category, or None if that of the settings applies; so is ``review``, which only
    categories have. ``named``: a rule for the label itself sets the threshold. ``implies`` are its parents and their
    parents, the nearest first. ``refused`` is the outcome if no confidence is enough, for the reason ``because``.
    ``bar`` is ``threshold``, or infinite if refused. ``words`` are the tags in further languages; ``translated`` is the
    path of the word that ``tag`` is, "" if it is in the rules' own language.
    """

    key: str
    name_key: str
    sources: tuple[str, ...]
    tag: str
    tag_key: str
    threshold: float | None
    threshold_path: str
    bar: float | None
    priority: int
    implies: Implied
    refused: OutcomeKind | None
    because: str
    review: float | None
    review_path: str
    named: bool
    words: tuple[Word, ...] = ()
    translated: str = ""


class LabelPlans:
    """The plans of labels by name, under one set of label rules, one case, one prefix and the same ``languages``.

    ``deny`` and ``allow`` are keys; an empty ``allow`` allows everything. ``charge`` counts what is cached. ``entries``
    holds the plans that were looked up so far; a hot loop may look there before it calls ``lookup``.
    """

    def __init__(
        self,
        rules: LabelRules,
        categories: CategoryTables,
        case: Case,
        prefix: str,
        deny: frozenset[str],
        allow: frozenset[str],
        charge: Charge,
        languages: Languages | None = None,
    ) -> None:
        self.entries: dict[str, LabelPlan] = {}
        self.languages = languages
        self._rules, self._categories, self._case, self._prefix = rules, categories, case, prefix
        self._deny, self._allow = deny, allow
        self._charge = charge
        self._implied: dict[str, ImpliedTag] = {}
        self._of_labels: dict[str, ImpliedTag] = {}
        self.keys_of_words = languages.keys_of_words(self._as_tag) if languages else {}
        self._names_of_words: dict[str, tuple[str, ...]] = {}
        for word, tag in sorted(self.keys_of_words.items()):
            self._names_of_words[tag] = (*self._names_of_words.get(tag, ()), word)
        self._charge(len(self.keys_of_words) + len(self._names_of_words))

    def changed(
        self,
        rules: KeyedRules,
        categories: KeyedCategories,
        case: Case | None,
        prefix: str | None,
        languages: Languages | None,
    ) -> "LabelPlans":
        """Return the plans under a block that changes rules, case or prefix, and with these languages."""
        same = case in (None, self._case) and prefix in (None, self._prefix) and languages == self.languages
        if not rules and not categories and same:
            return self  # most blocks change only a threshold: they share this cache
        self._charge(1 + len(rules) + len(categories))
        return LabelPlans(
            overlay(self._rules, rules),
            self._categories.with_table(categories) if categories else self._categories,
            self._case if case is None else case,
            self._prefix if prefix is None else prefix,
            self._deny,
            self._allow,
            self._charge,
            languages,
        )

    def lookup(self, name: str) -> LabelPlan:
        """Return the plan of the labels with this name."""
        plan = self.entries.get(name)
        if plan is None:
            plan = self._plan(name)
            if count := weight(name):
                self.entries[name] = plan
                self._charge(count + len(plan.implies) + len(plan.words))
        return plan

    def implied(self, name: str) -> ImpliedTag:
        """Return the tag that a rule implies by ``name``: never renamed, but with the priority of its own label."""
        implied = self._implied.get(name)
        if implied is None:
            key, tag = label_key(name), self._as_tag(name)
            tag_key = label_key(tag)
            refused = bool(why_unwritable(tag)) or not self._deny.isdisjoint((key, tag_key))
            priority = self._priority(key, self._categories.of(key))
            words, translated = NO_WORDS, ""
            if self.languages is not None:
                tag, tag_key, translated, words, denied = spoken(self.languages, tag, (key,), self._as_tag, self._deny)
                refused = refused or denied
            implied = ImpliedTag(name, key, (key,), tag, tag_key, priority, refused, words, translated)
            self._implied[name] = implied
            self._charge(1 + len(words))
        return implied

    def of_label(self, name: str) -> ImpliedTag:
        """Return the tag of the label with this name, as one that is implied: as its rule says, and refused if it is.

        Its ``sources`` are those of the label.
        """
        implied = self._of_labels.get(name)
        if implied is None:
            plan = self.lookup(name)
            refused = plan.refused is not None
            implied = ImpliedTag(
                name,
                plan.key,
                plan.sources,
                plan.tag,
                plan.tag_key,
                plan.priority,
                refused,
                plan.words,
                plan.translated,
            )
            self._of_labels[name] = implied
            self._charge(1)
        return implied

    def stands_for(self, tag_key: str, sources: tuple[str, ...]) -> tuple[str, ...]:
        """Return ``sources``, and where the tag is a word of a table, the key of the word before case and prefix."""
        words = self._names_of_words.get(tag_key)
        return tuple(dict.fromkeys(sources + words)) if words else sources

    def _plan(self, name: str) -> LabelPlan:
        key = label_key(name)
        rule, category = find_rule(key, self._rules), self._categories.of(key)
        named = rule.threshold is not None
        renamed = name if rule.tag is None else rule.tag
        tag = self._as_tag(renamed)
        name_key, tag_key = label_key(renamed), label_key(tag)
        refused, because = self._refusal(key, tag, {key, name_key, tag_key}, category.denied_path)
        threshold = rule.threshold if named else category.threshold
        translated, words = "", NO_WORDS
        if self.languages is not None:
            names = (name_key, key)
            tag, tag_key, translated, words, denied = spoken(self.languages, tag, names, self._as_tag, self._deny)
            if denied and refused not in ("invalid", "denied"):
                refused, because = "denied", "defaults.deny"
        return LabelPlan(
            key=key,
            name_key=name_key,
            sources=(key,) if key == name_key else (key, name_key),
            tag=tag,
            tag_key=tag_key,
            threshold=threshold,
            threshold_path=rule.threshold_path if named else category.threshold_path,
            bar=math.inf if refused else threshold,
            priority=self._priority(key, category),
            implies=self._ancestors(key),
            refused=refused,
            because=because,
            review=category.review,
            review_path=category.review_path,
            named=named,
            words=words,
            translated=translated,
        )

    def _priority(self, key: str, category: OfCategories) -> int:
        own = find_rule(key, self._rules).priority
        return (category.priority if own is None else own) or 0

    def _ancestors(self, key: str) -> Implied:
        """Return the parents of a label, and their parents, even of denied ones; each once, so that a cycle ends."""
        ancestors: dict[str, tuple[ImpliedTag, str]] = {}
        children = [key]
        for child in children:  # grows while it is walked
            for name, path in self._parents(child):
                parent = self.implied(name)
                if parent.key not in ancestors:
                    ancestors[parent.key] = (parent, path)
                    children.append(parent.key)
        return tuple(ancestors.values())

    def _parents(self, key: str) -> PathedTags:
        own = find_rule(key, self._rules).parents
        return self._categories.of(key).parents if own is None else own

    def _refusal(self, key: str, tag: str, keys: set[str], denied_category: str) -> tuple[OutcomeKind | None, str]:
        if reason := why_unwritable(tag):
            return "invalid", reason
        if not self._deny.isdisjoint(keys):
            return "denied", "defaults.deny"
        if denied_category:
            return "denied", denied_category
        if self._allow and key not in self._allow:
            return "not_allowed", "defaults.allow"
        return None, ""

    def _as_tag(self, name: str) -> str:
        if self._case == "lower":
            name = name.lower()
        elif self._case == "title":
            name = capwords(name)
        return self._prefix + name
