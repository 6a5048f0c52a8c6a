"""A second implementation of docs/rules.md, "How a decision is made": step by step, slow, and with nothing remembered.

It shares with the first only what a name's key is and what a folder glob matches, which have tests of their own.
"""

from collections.abc import Iterable, Mapping
from string import capwords
from typing import Any, NamedTuple

from autotag.domain.model.labels import Label, label_key
from autotag.domain.rules.compiled.ruleset import Subject
from autotag.domain.rules.schema import Rules
from tests.unit.domain.decisions.properties.reference_settings import best_of, matches, overlay, writable

Outcome = tuple[str, str | None, str, str | None]
"""A label or implied tag, its provider, its outcome, its tag."""


class Verdict(NamedTuple):
    """What implementations must agree on. ``outcomes`` are in no order; ``stands`` is what each tag stands for."""

    tags: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    stands: tuple[frozenset[str], ...] = ()
    review: tuple[str, ...] = ()
    outcomes: frozenset[Outcome] = frozenset()
    mode: str = "apply"
    skip: bool = False


class Tag:
    """A tag in the making."""

    def __init__(self, text: str, name: str) -> None:
        self.text, self.key, self.name = text, label_key(text), name
        self.confidence, self.priority = -1.0, -(10**9)
        self.labels: list[tuple[Label, str]] = []
        self.names: set[str] = set()
        self.implied_by: set[str] = set()
        self.implied = self.outcome = ""

    def gains(self, confidence: float, priority: int) -> None:
        self.confidence, self.priority = max(self.confidence, confidence), max(self.priority, priority)


def decide_by_the_book(labels: Mapping[str, Iterable[Label]], subject: Subject, rules: Rules) -> Verdict:
    """Decide on one asset."""
    # 1. labels are distinguished by name
    best = best_of(labels, rules.defaults.providers)
    own_bars: dict[str | None, float] = {
        name: rule.threshold for name, rule in rules.providers.items() if rule.threshold is not None
    }
    each = [(k, *found) for name in rules.defaults.providers for k, found in best_of(labels, (name,)).items()]
    # 2. settings are worked out
    names = ("threshold", "review", "max_tags", "agree", "ancestors", "case", "prefix", "mode")
    settings: dict[str, Any] = {name: getattr(rules.defaults, name) for name in names}
    own: dict[str, dict[str, Any]] = {}
    overlay(own, rules.labels)
    added, skip = list[str](), False
    for when in rules.when:
        if matches(when, subject, each, own_bars | {None: settings["threshold"]}, own):
            settings |= {name: value for name in names if (value := getattr(when.set, name)) is not None}
            overlay(own, when.labels)
            added += when.add
            skip = skip or when.skip
    if skip:
        return Verdict(mode=settings["mode"], skip=True)

    def spelt(name: str) -> str:
        cased = {"lower": name.lower(), "title": capwords(name), "keep": name}[settings["case"]]
        return str(settings["prefix"] + cased)

    # 3. each label is judged
    deny, allow = set(map(label_key, rules.defaults.deny)), set(map(label_key, rules.defaults.allow))
    outcomes: set[Outcome] = set()
    kept: list[tuple[str, Label, str]] = []
    in_review: list[tuple[str, Label, str]] = []
    apart = settings["agree"] > 1 or any(name in own_bars for name in rules.defaults.providers)
    judged = each if apart else [(key, *found) for key, found in best.items()]
    for key, label, provider in sorted(judged, key=lambda item: (-item[1].confidence, item[1].name)):
        rule = own.get(key, {})
        name = rule.get("tag", label.name)
        if label.fault or not writable(spelt(name)):
            outcomes.add((label.name, provider, "invalid", None))
        elif deny & {key, label_key(name), label_key(spelt(name))}:
            outcomes.add((label.name, provider, "denied", None))
        elif allow and key not in allow:
            outcomes.add((label.name, provider, "not_allowed", None))
        elif label.confidence >= rule.get("threshold", own_bars.get(provider, settings["threshold"])):
            kept.append((key, label, provider))
        elif settings["review"] is not None and label.confidence >= settings["review"]:
            in_review.append((key, label, provider))
        else:
            outcomes.add((label.name, provider, "below_threshold", None))

    # 4. enough providers must give a tag; those with too few are left to people, where people are asked
    def tag_key(key: str, label: Label) -> str:
        return label_key(spelt(own.get(key, {}).get("tag", label.name)))

    givers = {(tag_key(key, label), provider) for key, label, provider in kept}
    agreed = [each for each in kept if sum(tag == tag_key(*each[:2]) for tag, _ in givers) >= settings["agree"]]
    too_few = [each for each in kept if each not in agreed]
    kept = agreed
    if settings["review"] is None:
        outcomes |= {
            (label.name, by, "not_agreed", spelt(own.get(key, {}).get("tag", label.name))) for key, label, by in too_few
        }
    else:
        in_review = sorted([*in_review, *too_few], key=lambda item: (-item[1].confidence, item[1].name))
    # an ancestor of a kept label that is itself none can be dropped
    known = subject.ancestors if "rekognition" in rules.defaults.providers else {}
    above = {key: {label_key(name) for name in known.get(key, ())} - {key} for key, _, _ in kept}
    if settings["ancestors"] == "drop":
        lowest = [keys for key, keys in above.items() if not any(key in others for others in above.values())]
        dropped = {key for keys in lowest for key in keys}
        outcomes |= {
            (label.name, by, "ancestor", spelt(own.get(key, {}).get("tag", label.name)))
            for key, label, by in [*kept, *in_review]
            if key in dropped
        }
        kept = [each for each in kept if each[0] not in dropped]
        in_review = [each for each in in_review if each[0] not in dropped]
    # kept labels become tags; one whose own name a person removed gives none
    gone = subject.suppressed
    tags: dict[str, Tag] = {}
    for key, label, provider in kept:
        name = own.get(key, {}).get("tag", label.name)
        if key in gone:
            outcomes.add((label.name, provider, "suppressed", spelt(name)))
            continue
        made = tags.setdefault(label_key(spelt(name)), Tag(spelt(name), label.name))
        made.gains(label.confidence, own.get(key, {}).get("priority", 0))
        made.labels.append((label, provider))
        made.names.add(label_key(name))

    # 5. implied tags join: the first kept label, the surest, that leads to a parent counts
    def parents_of(key: str) -> list[str]:
        found: dict[str, str] = {}
        todo = list(own.get(key, {}).get("parents", ()))
        while todo:
            parent = todo.pop(0)
            if label_key(parent) not in found:
                found[label_key(parent)] = parent
                todo += own.get(label_key(parent), {}).get("parents", ())
        return list(found.values())

    def join(name: str, written: str, confidence: float, how: str) -> None:
        text = spelt(written)
        if deny & {label_key(name), label_key(written), label_key(text)} or not writable(text):
            return
        if label_key(text) not in tags:
            tags[label_key(text)] = Tag(text, name)
            tags[label_key(text)].implied = how
        tags[label_key(text)].gains(confidence, own.get(label_key(name), {}).get("priority", 0))
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
            if not is_gone and (not allow or label_key(name) in allow):
                join(name, written, label.confidence, "parent")
            for parent in parents_of(label_key(name)):
                join(parent, parent, label.confidence, "parent")
    for name in added:
        join(name, name, 1.0, "added")
    # 6. what a person removed stays away, under the tag and under every name that gives it
    for made in tags.values():
        made.outcome = "suppressed" if gone & {made.key, *made.names} else ""
    standing = [made for made in tags.values() if not made.outcome]
    # 7. people's tags stay people's, and fill no place under the cap
    standing.sort(key=lambda made: (-made.priority, -made.confidence, made.text))
    user_keys = set(map(label_key, subject.user_tags))
    for made in standing:
        made.outcome = "present" if made.key in user_keys and made.text not in subject.managed_tags else ""
    machine = [made for made in standing if not made.outcome]
    for made in machine[settings["max_tags"] :]:
        made.outcome = "over_max"
    final = [made for made in standing if made.outcome != "over_max"]
    for made in tags.values():
        outcomes |= outcomes_of(made)
    # 8. reviewers are asked about the rest, unless the tag has another outcome
    review: dict[str, str] = {}
    for key, label, provider in in_review:
        name = own.get(key, {}).get("tag", label.name)
        outcome, tag = "review", spelt(name)
        rival = tags.get(label_key(tag))
        if gone & {key, label_key(name), label_key(tag)} or (rival and rival.outcome == "suppressed"):
            outcome = "suppressed"
        elif label_key(tag) in user_keys:
            outcome = "present"
        elif rival:
            outcome, tag = rival.outcome or "given", rival.text
        else:
            review.setdefault(label_key(tag), tag)
        outcomes.add((label.name, provider, outcome, tag))
    return Verdict(
        tags=tuple(made.text for made in final),
        present=tuple(made.text for made in final if made.outcome == "present"),
        stands=tuple(
            frozenset({label_key(label.name) for label, _ in made.labels} | made.names | made.implied_by)
            for made in final
        ),
        review=tuple(review.values()),
        outcomes=frozenset(outcomes),
        mode=settings["mode"],
    )


def outcomes_of(made: Tag) -> set[Outcome]:
    """Return the outcomes of a tag: one for each of its labels, or for what implies it if no label gives it."""
    if made.implied:
        return {(made.name, None, made.outcome or made.implied, made.text)}
    dropped = made.outcome in ("suppressed", "over_max")
    outcomes: set[Outcome] = set()
    for i, (label, provider) in enumerate(made.labels):
        outcomes.add((label.name, provider, "merged" if i and not dropped else made.outcome or "kept", made.text))
    return outcomes
