"""Whether an asset matches a query: a function of what a scan or an export says of it, and of the active rules."""

from collections.abc import Iterator
from functools import cached_property
from typing import assert_never

from autotag.domain.decisions.decide import Decision
from autotag.domain.decisions.evaluate import evaluate
from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.asset import Facts
from autotag.domain.model.audit import Inputs
from autotag.domain.model.bounded_cache import BoundedCache
from autotag.domain.model.folder_glob import folder_pattern
from autotag.domain.model.labels import Label, label_key, unusable
from autotag.domain.model.outcome import LabelOutcome
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.search.query import (
    ChangedByPerson,
    Condition,
    Decided,
    DecidedBy,
    InFolder,
    InStatus,
    Labeled,
    Named,
    Query,
    Tagged,
)
from autotag.domain.sentences.label_clauses import first_path, paths_of
from autotag.domain.sentences.rule_path import RulePath, parse_rule_path
from autotag.domain.state.asset_state import TagPreference

Place = tuple[str, str | None, int]
"""A rule's key, its label's key or its provider, and its block: what tells it from others, whatever it is called."""

_PATTERNS = BoundedCache(folder_pattern, 256)


def folded(text: str) -> str:
    """Return ``text`` in lower case, character by character, as ``lower`` of DuckDB does."""
    if text.isascii():
        return text.lower()
    return "".join("i" if character == "\u0130" else character.lower() for character in text)


class Candidate:
    """An asset that may match, under the active rules. The decision on it is computed if it is asked for."""

    def __init__(self, asset: ScannedAsset, ruleset: Ruleset) -> None:
        self.asset, self.ruleset = asset, ruleset

    def matches(self, query: Query) -> bool:
        """Return whether the asset fulfills every term; those that need the decision come last."""
        terms = sorted(query.terms, key=lambda term: isinstance(term.condition, Decided | DecidedBy))
        return all(self.fulfills(term.condition) != term.negated for term in terms)

    def fulfills(self, condition: Condition) -> bool:
        """Return whether a condition holds."""
        match condition:
            case Named(text):
                return folded(text) in folded(self.asset.asset.public_id)
            case Tagged(tag):
                return any(self.tags_like(tag))
            case Labeled():
                return any(self.labels_in(condition))
            case InFolder(glob):
                return in_folder(glob, self.asset.subject().folder)
            case InStatus(status):
                return self.asset.status == status
            case ChangedByPerson():
                return any(self.changes_by_people(condition))
            case Decided() | DecidedBy():
                return any(self.outcomes_of(condition)) or self.is_skipped_by(condition)
            case _:
                assert_never(condition)

    def tags_like(self, tag: str) -> Iterator[str]:
        """Yield the tags on the asset that are ``tag`` in some spelling."""
        key = label_key(tag)
        return (each for each in (*self.asset.managed_tags, *self.asset.user_tags) if label_key(each) == key)

    def labels_in(self, wanted: Labeled) -> Iterator[Label]:
        """Yield the labels of the rules' providers that have the name and are in the range."""
        key = label_key(wanted.label)
        for found in self.asset.results_of(self.ruleset.providers).values():
            for label in found.labels:
                if label_key(label.name) == key and wanted.confidences.holds(label.confidence) and not unusable(label):
                    yield label

    def changes_by_people(self, wanted: ChangedByPerson) -> Iterator[TagPreference]:
        """Yield what people last did to tags, as far as it is what is wanted; uploads are no people."""
        key = label_key(wanted.tag)
        for each in self.asset.preferences:
            by_person = not (each.withdrawn or each.set_by_upload)
            if by_person and each.want == wanted.want and (not wanted.tag or label_key(each.tag) == key):
                yield each

    def outcomes_of(self, wanted: Decided | DecidedBy) -> Iterator[LabelOutcome]:
        """Yield the outcomes of labels, under the active rules, that are what is wanted."""
        outcomes = self.decision.labels if self.decision else ()
        if isinstance(wanted, Decided):
            return (each for each in outcomes if each.outcome == wanted.outcome)
        place = _place(wanted.place)
        return (each for each in outcomes if place in _PLACES.get(each.because))

    def is_skipped_by(self, wanted: Decided | DecidedBy) -> bool:
        """Return whether the rule that is wanted skips the asset."""
        skip = parse_rule_path(self.decision.skip) if self.decision and self.decision.skip else None
        return skip is not None and isinstance(wanted, DecidedBy) and _place(skip) == _place(wanted.place)

    @cached_property
    def decision(self) -> Decision | None:
        """The decision that the active rules make, None if no labels of their providers are there."""
        asset = self.asset
        inputs = Inputs(
            facts=asset.facts or Facts("", "", {}, (), 0),
            categorizations=asset.results_of(self.ruleset.providers),
            managed_tags=asset.managed_tags,
            user_tags=asset.user_tags,
            suppressed=asset.suppressed,
            people=asset.person_tags,
            unheard=asset.retainable_tags(self.ruleset),
            resource_type=asset.asset.resource_type,
        )
        return evaluate(inputs, self.ruleset).decision


def in_folder(glob: str, folder: str) -> bool:
    """Return whether a folder matches a glob, as in the rules; ``/`` is the root."""
    return _PATTERNS.get(glob).fullmatch(folder) is not None


def _place(path: RulePath) -> Place:
    if path.category:
        return f"categories.{path.key}", label_key(path.category), path.block
    named = path.provider or None if path.label is None else label_key(path.label)
    return path.key if not path.provider else f"providers.{path.key}", named, path.block


def _places(because: str) -> frozenset[Place]:
    """Return the places of the rules in a reason."""
    found = (parse_rule_path(first_path(because)), paths_of(because)[1])
    return frozenset(_place(path) for path in found if path is not None)


_PLACES = BoundedCache(_places, 8192)
