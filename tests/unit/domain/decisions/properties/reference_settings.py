"""The parts of the second implementation that select labels and work out settings."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from autotag.domain.model.folder_glob import folder_pattern
from autotag.domain.model.labels import Label, label_key
from autotag.domain.rules.checks.categories import CategorySets
from autotag.domain.rules.compiled.ruleset import Subject
from autotag.domain.rules.schema import CategoryRule, LabelRule, Rules, When

INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
"""The characters that the page lists as those which no tag may hold."""


def best_of(labels: Mapping[str, Iterable[Label]], providers: Iterable[str]) -> dict[str, tuple[Label, str]]:
    best: dict[str, tuple[Label, str]] = {}
    for provider in providers:
        for label in labels.get(provider, ()):
            other = best.get(label_key(label.name))
            if other is None or rank(label) < rank(other[0]):
                best[label_key(label.name)] = label, provider
    return best


def writable(tag: str) -> bool:
    return "," not in tag and len(tag) <= 255 and not INVISIBLE.search(tag)


def rank(label: Label) -> tuple[bool, float, str, str]:
    return bool(label.fault), -label.confidence, label.name, label.fault


def overlay(own: dict[str, dict[str, Any]], rules: dict[str, LabelRule]) -> None:
    for name, rule in rules.items():
        given = {field: value for field in rule.__struct_fields__ if (value := getattr(rule, field)) is not None}
        own[label_key(name)] = own.get(label_key(name), {}) | given


def rule_for(
    key: str, own: dict[str, dict[str, Any]], tables: list[dict[str, CategoryRule]], sets: CategorySets
) -> dict[str, Any]:
    """Return the rule for a label: what its own say, and else what those for its categories say."""
    found: dict[str, Any] = {}
    for table in tables:  # a later one wins, key by key; in one, the strictest rule counts
        rules = [table[name] for name in sorted(table, key=label_key) if key in members(name, sets)]
        for field, strictest in (("threshold", max), ("review", max), ("priority", max), ("deny", any)):
            values = [value for rule in rules if (value := getattr(rule, field)) is not None]
            found |= {field: strictest(values)} if values else {}
        parents = [rule.parents for rule in rules if rule.parents is not None]
        if parents:
            found["parents"] = tuple(tag for tags in parents for tag in tags if label_key(tag) != key)
    return found | own.get(key, {})


def members(category: str, sets: CategorySets) -> set[str]:
    return {key for name, labels in sets.items() if label_key(name) == label_key(category) for key in labels}


def matches(
    when: When,
    subject: Subject,
    each: list[tuple[str, Label, str]],
    bars: dict[str | None, float],
    rule_of: Callable[[str], dict[str, Any]],
) -> bool:
    def reaches(name: str) -> bool:
        key = label_key(name)
        found = [(label, provider) for k, label, provider in each if k == key]
        usable = [(label, provider) for label, provider in found if not label.fault] or found
        rule = rule_of(key)
        return any(at.confidence >= rule.get("threshold", bars.get(by, bars[None])) for at, by in usable)

    def values(of: str | tuple[str, ...]) -> set[str]:
        return {of} if isinstance(of, str) else set(of)

    user_keys = set(map(label_key, subject.user_tags))
    return (
        (when.folder is None or folder_pattern(when.folder).fullmatch(subject.folder) is not None)
        and (when.format is None or subject.format.lower() in [f.lower().lstrip(".") for f in when.format])
        and not any(folder_pattern(glob).fullmatch(subject.folder) for glob in values(when.folder_not or ()))
        and (when.resource_type is None or subject.resource_type in when.resource_type)
        and (when.tags_any is None or bool(set(map(label_key, when.tags_any)) & user_keys))
        and not set(map(label_key, when.tags_none or ())) & user_keys
        and all(subject.context.get(key) == value for key, value in when.context.items())
        and all(values(subject.metadata.get(field, ())) & values(any_) for field, any_ in when.metadata.items())
        and (when.labels_any is None or any(map(reaches, when.labels_any)))
        and all(map(reaches, when.labels_all or ()))
        and not any(map(reaches, when.labels_none or ()))
    )


def in_languages(
    rules: Rules, codes: Iterable[str], spelt: Callable[[str], str], deny: set[str], looked_up: tuple[str, ...]
) -> tuple[str | None, bool, list[str]]:
    """Return how a tag is written, None if not at all; whether that is a word; and its words in further languages."""
    tables = {
        code.lower(): {label_key(name): word for name, word in t.items()} for code, t in rules.translations.items()
    }
    asked = list(dict.fromkeys(code.lower() for code in codes))
    own = spelt(looked_up[0])
    words = []
    for code in asked:
        hits = [tables[code][key] for key in map(label_key, looked_up) if key in tables.get(code, {})]
        words += [hits[0]] if hits and writable(spelt(hits[0])) else []
    once: list[str] = []
    for word in words:
        denied = bool(deny & {label_key(word), label_key(spelt(word))})
        if not denied and label_key(spelt(word)) not in map(label_key, once):
            once.append(spelt(word))
    if not words or any(code not in tables for code in asked):
        return own, False, [text for text in once if label_key(text) != label_key(own)]
    return (once[0], True, once[1:]) if once else (None, False, [])
