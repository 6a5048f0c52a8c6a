"""A second implementation of docs/rules.md, "How a decision is made": step by step, slow, and with nothing remembered.

It shares with the first only what a name's key is and what a folder glob matches, which have tests of their own.
"""

from collections.abc import Iterable, Mapping
from string import capwords
from typing import Any

from autotag.domain.model.labels import Label, label_key
from autotag.domain.rules.checks.categories import CategorySets
from autotag.domain.rules.compiled.ruleset import Subject
from autotag.domain.rules.schema import Rules
from tests.unit.domain.decisions.properties.reference_settings import (
    best_of,
    in_languages,
    matches,
    overlay,
    rule_for,
    writable,
)
from tests.unit.domain.decisions.properties.reference_tags import Outcome, Tag, Verdict, outcomes_of
from tests.unit.domain.rules.rule_strategies import SETS


def decide_by_the_book(
    labels: Mapping[str, Iterable[Label]], subject: Subject, rules: Rules, sets: CategorySets = SETS
) -> Verdict:
    """Decide on one asset."""
    # 1. labels are distinguished by name
    best = best_of(labels, rules.defaults.providers)
    own_bars: dict[str | None, float] = {
        name: rule.threshold for name, rule in rules.providers.items() if rule.threshold is not None
    }
    each = [(k, *found) for name in rules.defaults.providers for k, found in best_of(labels, (name,)).items()]
    # 2. settings are worked out
    names = ("threshold", "review", "max_tags", "agree", "ancestors", "case", "prefix", "mode", "languages")
    settings: dict[str, Any] = {name: getattr(rules.defaults, name) for name in names}
    own: dict[str, dict[str, Any]] = {}
    overlay(own, rules.labels)
    tables = [rules.categories]

    def rule_of(key: str) -> dict[str, Any]:
        return rule_for(key, own, tables, sets)

    added, skip = list[str](), False
    for when in rules.when:
        if matches(when, subject, each, own_bars | {None: settings["threshold"]}, rule_of):
            settings |= {name: value for name in names if (value := getattr(when.set, name)) is not None}
            overlay(own, when.labels)
            tables.append(when.categories)
            added += when.add
            skip = skip or when.skip
    if skip:
        return Verdict(mode=settings["mode"], skip=True)

    def spelt(name: str) -> str:
        cased = {"lower": name.lower(), "title": capwords(name), "keep": name}[settings["case"]]
        return str(settings["prefix"] + cased)

    deny, allow = set(map(label_key, rules.defaults.deny)), set(map(label_key, rules.defaults.allow))

    def said(*looked_up: str) -> tuple[str | None, bool, list[str]]:
        """Return what is written of a tag, whether this is a word of another language, and its further words."""
        return in_languages(rules, settings["languages"], spelt, deny, looked_up)

    def own_of(key: str, label: Label) -> str:
        return str(own.get(key, {}).get("tag", label.name))

    def tag_of(key: str, label: Label) -> str:
        return said(own_of(key, label), label.name)[0] or ""

    # 3. each label is judged
    outcomes: set[Outcome] = set()
    kept: list[tuple[str, Label, str]] = []
    in_review: list[tuple[str, Label, str]] = []
    apart = settings["agree"] > 1 or any(name in own_bars for name in rules.defaults.providers)
    judged = each if apart else [(key, *found) for key, found in best.items()]
    for key, label, provider in sorted(judged, key=lambda item: (-item[1].confidence, item[1].name)):
        rule = rule_of(key)
        name = rule.get("tag", label.name)
        if label.fault or not writable(spelt(name)):
            outcomes.add((label.name, provider, "invalid", None))
        elif (
            deny & {key, label_key(name), label_key(spelt(name))}
            or rule.get("deny")
            or said(name, label.name)[0] is None
        ):
            outcomes.add((label.name, provider, "denied", None))
        elif allow and key not in allow:
            outcomes.add((label.name, provider, "not_allowed", None))
        elif label.confidence >= rule.get("threshold", own_bars.get(provider, settings["threshold"])):
            kept.append((key, label, provider))
        elif (review_bar := rule.get("review", settings["review"])) is not None and label.confidence >= review_bar:
            in_review.append((key, label, provider))
        else:
            outcomes.add((label.name, provider, "below_threshold", None))

    # 4. enough providers must give a tag; those with too few are left to people, where people are asked
    def tag_key(key: str, label: Label) -> str:
        return label_key(tag_of(key, label))

    givers = {(tag_key(key, label), provider) for key, label, provider in kept}
    agreed = [each for each in kept if sum(tag == tag_key(*each[:2]) for tag, _ in givers) >= settings["agree"]]
    too_few = [each for each in kept if each not in agreed]
    kept = agreed
    asked = [each for each in too_few if rule_of(each[0]).get("review", settings["review"]) is not None]
    outcomes |= {
        (label.name, by, "not_agreed", tag_of(key, label))
        for key, label, by in too_few
        if (key, label, by) not in asked
    }
    in_review = sorted([*in_review, *asked], key=lambda item: (-item[1].confidence, item[1].name))
    # an ancestor of a kept label that is itself none can be dropped
    known = subject.ancestors if "rekognition" in rules.defaults.providers else {}
    above = {key: {label_key(name) for name in known.get(key, ())} - {key} for key, _, _ in kept}
    if settings["ancestors"] == "drop":
        lowest = [keys for key, keys in above.items() if not any(key in others for others in above.values())]
        dropped = {key for keys in lowest for key in keys}
        outcomes |= {
            (label.name, by, "ancestor", tag_of(key, label)) for key, label, by in [*kept, *in_review] if key in dropped
        }
        kept = [each for each in kept if each[0] not in dropped]
        in_review = [each for each in in_review if each[0] not in dropped]
    # kept labels become tags; one whose own name a person removed gives none
    gone = subject.suppressed
    tags: dict[str, Tag] = {}
    for key, label, provider in kept:
        name = own.get(key, {}).get("tag", label.name)
        if key in gone:
            outcomes.add((label.name, provider, "suppressed", tag_of(key, label)))
            continue
        written, translated, further = said(name, label.name)
        made = tags.setdefault(label_key(written or ""), Tag(written or "", label.name))
        if not made.labels:
            made.translated, made.words = translated, [(label_key(word), word) for word in further]
        made.gains(label.confidence, rule_of(key).get("priority", 0))
        made.labels.append((label, provider))
        made.names.add(label_key(name))

    # 5. implied tags join: the first kept label, the surest, that leads to a parent counts
    def parents_of(key: str) -> list[str]:
        found: dict[str, str] = {}
        todo = list(rule_of(key).get("parents", ()))
        while todo:
            parent = todo.pop(0)
            if label_key(parent) not in found:
                found[label_key(parent)] = parent
                todo += rule_of(label_key(parent)).get("parents", ())
        return list(found.values())

    def join(name: str, written: str, confidence: float, how: str) -> None:
        if deny & {label_key(name), label_key(written), label_key(spelt(written))} or not writable(spelt(written)):
            return
        text, translated, further = said(written, name)
        if text is None:
            return
        if label_key(text) not in tags:
            tags[label_key(text)] = Tag(text, name)
            tags[label_key(text)].implied, tags[label_key(text)].translated = how, translated
            tags[label_key(text)].words = [(label_key(word), word) for word in further]
        tags[label_key(text)].gains(confidence, rule_of(label_key(name)).get("priority", 0))
        tags[label_key(text)].names.add(label_key(written))
        tags[label_key(text)].implied_by.add(label_key(name))

    for key, label, _ in kept:
        for parent in parents_of(key):
            join(parent, parent, label.confidence, "parent")
    # then the ancestors that are not kept themselves: as labels, so that their rules and the allow list count
    for key, label, _ in kept if settings["ancestors"] == "imply" else ():
        for name in known.get(key, ()):
            if label_key(name) in above:
                continue
            written = own.get(label_key(name), {}).get("tag", name)
            # of one whose own name a person removed, its tag's name still stays away, and nothing else
            is_gone = label_key(name) in gone and label_key(written) not in gone
            may_join = (not allow or label_key(name) in allow) and not rule_of(label_key(name)).get("deny")
            if may_join and not is_gone:
                join(name, written, label.confidence, "parent")
            for parent in parents_of(label_key(name)):
                join(parent, parent, label.confidence, "parent")
    for name in added:
        join(name, name, 1.0, "added")
    # 6. what a person removed stays away, under the tag and under every name that gives it, and in every language;
    # so does what gives a tag that must stay away
    away = gone | {made.key for made in tags.values() if gone & {made.key, *made.names}}
    spoken = [
        word
        for code, table in rules.translations.items()
        for word in table.values()
        if code.lower() in map(str.lower, settings["languages"])
    ]
    away |= {label_key(spelt(word)) for word in spoken if label_key(word) in gone}
    for made in tags.values():
        made.outcome = "suppressed" if away & {made.key, *(key for key, _ in made.words)} else ""
    standing = [made for made in tags.values() if not made.outcome]
    # 7. people's tags stay people's, and fill no place under the cap; the languages of a tag stay or go together
    standing.sort(key=lambda made: (-made.priority, -made.confidence, made.text))
    user_keys = set(map(label_key, subject.user_tags))
    every: dict[str, tuple[str, str]] = {}
    places, full = settings["max_tags"], False
    for made in standing:
        new = {key: text for key, text in ((made.key, made.text), *made.words) if key not in every}
        peoples = {key for key, text in new.items() if key in user_keys and text not in subject.managed_tags}
        full = full or len(new) - len(peoples) > places
        places -= 0 if full else len(new) - len(peoples)
        every |= {key: (text, "present" if key in peoples else "over_max" if full else "") for key, text in new.items()}
    for made in standing:
        made.text, made.outcome = every[made.key]
    final = {key: text for key, (text, outcome) in every.items() if outcome != "over_max"}
    for made in tags.values():
        outcomes |= outcomes_of(made)
    # every further word has an outcome, unless something gives it as its own tag
    words: dict[str, tuple[Tag, str, str]] = {}
    for made in [*standing, *(each for each in tags.values() if each not in standing)]:
        for key, text in made.words:
            words.setdefault(key, (made, *(every.get(key) or (text, "suppressed"))))
    for key, (made, text, outcome) in words.items():
        if key not in {each.key for each in standing} and (key in every or key not in {t.key for t in tags.values()}):
            outcomes.add((made.name, None, outcome or "translated", text))
    # 8. reviewers are asked about the rest, unless the tag has another outcome
    review: dict[str, str] = {}
    for key, label, provider in in_review:
        name = own.get(key, {}).get("tag", label.name)
        outcome, tag = "review", tag_of(key, label)
        rival, also = tags.get(label_key(tag)), {label_key(tag), *map(label_key, said(name, label.name)[2])}
        if gone & {key, label_key(name)} or away & also:
            outcome = "suppressed"
        elif label_key(tag) in user_keys:
            outcome = "present"
        elif rival:
            outcome, tag = rival.outcome or "given", rival.text
        elif label_key(tag) in words:
            _, tag, outcome = words[label_key(tag)]
            outcome = outcome or "given"
        else:
            review.setdefault(label_key(tag), tag)
        outcomes.add((label.name, provider, outcome, tag))
    return Verdict(
        tags=tuple(final.values()),
        present=tuple(text for key, text in final.items() if every[key][1] == "present"),
        stands=tuple(
            frozenset().union(*(made.stands for made in standing if key in {made.key, *dict(made.words)}))
            | {label_key(word) for word in spoken if label_key(spelt(word)) == key} - {key}
            for key in final
        ),
        review=tuple(review.values()),
        outcomes=frozenset(outcomes),
        mode=settings["mode"],
    )
