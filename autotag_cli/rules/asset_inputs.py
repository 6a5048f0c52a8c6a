"""What rules decide on: assets from files or from a stack."""

from typing import NamedTuple

from msgspec import UnsetType

from autotag.domain.decisions.ancestors import ancestors_in
from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.asset import AssetRef
from autotag.domain.model.labels import Categorization, Label, label_key
from autotag.domain.model.messages import LabelsObserved
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject


class AssetInputs(NamedTuple):
    """What rules decide on, of one asset. ``labels``: of the providers that are complete.

    ``person_tags``: keys of the tags that people added. ``stored``: what the stack knows, if the asset is from a stack.
    """

    name: str
    labels: dict[str, tuple[Label, ...]]
    subject: Subject
    person_tags: frozenset[str] = frozenset()
    stored: ScannedAsset | None = None

    @property
    def lacks_metadata(self) -> bool:
        """Whether the stack never saw the asset's structured metadata."""
        facts = None if self.stored is None else self.stored.facts
        return self.stored is not None and (facts is None or isinstance(facts.metadata, UnsetType))

    def retainable_tags(self, ruleset: Ruleset) -> dict[str, tuple[str, ...]]:
        """Return the managed tags that may come from providers whose labels ``ruleset`` lacks."""
        return {} if self.stored is None else self.stored.retainable_tags(ruleset)


def inputs_of_message(message: LabelsObserved, location: str) -> AssetInputs:
    """Return an asset of which only ``message`` is known; ``location`` is its name if the message has none."""
    name = _name(message.asset) or location
    return AssetInputs(name, _complete(message.categorizations), _subject(message))


def inputs_of_scanned(scanned: ScannedAsset) -> AssetInputs:
    """Return an asset as the stack stores it."""
    person_tags = frozenset(map(label_key, scanned.person_tags))
    return AssetInputs(_name(scanned.asset), scanned.complete_labels(), scanned.subject(), person_tags, scanned)


def _name(asset: AssetRef) -> str:
    return asset.public_id or asset.asset_id


def _complete(results: dict[str, Categorization]) -> dict[str, tuple[Label, ...]]:
    return {provider: entry.labels for provider, entry in results.items() if entry.status == "complete"}


def _subject(message: LabelsObserved) -> Subject:
    facts, type_, ancestors = message.facts, message.asset.resource_type, ancestors_in(message.categorizations)
    if facts is None:
        return Subject(resource_type=type_, ancestors=ancestors)
    return Subject(
        facts.folder,
        facts.format,
        facts.context,
        facts.tags,
        resource_type=type_,
        metadata=facts.known_metadata,
        ancestors=ancestors,
    )
