"""One asset as a scan returns it and as an export holds it."""

from collections.abc import Iterable

from msgspec import Struct, field

from autotag.domain.decisions.ancestors import ancestors_in
from autotag.domain.decisions.tag_providers import retainable_tags
from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.labels import Categorization, Label
from autotag.domain.model.verdicts import Left, Sample
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject
from autotag.domain.state.asset_state import Status, TagPreference


class ScannedAsset(Struct, frozen=True):
    """The stored state of one asset.

    ``suppressed`` are keys of tags and labels. ``person_tags`` are those of ``user_tags`` that a person is known to
    have added; ``review`` are the tags in review, ``preferences`` what people last wanted of tags; ``decided_at`` is in
    unix milliseconds, 0: never. While a provider is not finished, ``tag_sources`` holds what each managed tag stands
    for, ``tag_providers`` the providers that gave it. ``decided_by`` is the version of the rules of the last decision,
    "": none. ``left`` are labels whose tags a person left there, by key, ``samples`` questions at random, by tag key.
    """

    asset: AssetRef
    facts: Facts | None
    categorizations: dict[str, Categorization]
    managed_tags: tuple[str, ...] = field(name="ours")
    user_tags: tuple[str, ...] = field(name="theirs")
    suppressed: tuple[str, ...]
    person_tags: tuple[str, ...] = field(name="people")
    status: Status
    review: tuple[str, ...]
    preferences: tuple[TagPreference, ...] = field(name="wishes")
    decided_at: int
    tag_sources: dict[str, tuple[str, ...]] = field(default_factory=dict, name="stands")
    tag_providers: dict[str, tuple[str, ...]] = field(default_factory=dict, name="givers")
    decided_by: str = ""
    left: dict[str, Left] = {}
    samples: dict[str, Sample] = {}

    def results_of(self, providers: Iterable[str]) -> dict[str, Categorization]:
        """Return the results of those of ``providers`` that have one, in the order of ``providers``."""
        return {name: self.categorizations[name] for name in providers if name in self.categorizations}

    def retainable_tags(self, ruleset: Ruleset) -> dict[str, tuple[str, ...]]:
        """Return the managed tags that may come from providers whose labels ``ruleset`` lacks."""
        if not self.tag_sources:
            return {}
        return retainable_tags(self.results_of(ruleset.providers), self.tag_sources, self.tag_providers)

    def complete_labels(self) -> dict[str, tuple[Label, ...]]:
        """Return the labels of the providers that are complete."""
        return {name: found.labels for name, found in self.categorizations.items() if found.status == "complete"}

    def subject(self) -> Subject:
        """Return what rules decide on, besides the labels."""
        return Subject(
            folder=self.facts.folder if self.facts else "",
            format=self.facts.format if self.facts else "",
            context=self.facts.context if self.facts else {},
            user_tags=self.user_tags,
            managed_tags=frozenset(self.managed_tags),
            suppressed=frozenset(self.suppressed),
            resource_type=self.asset.resource_type,
            metadata=self.facts.known_metadata if self.facts else {},
            ancestors=ancestors_in(self.categorizations),
        )
