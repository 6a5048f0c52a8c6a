"""Assets to compare rules on, from files or from a stack."""

from typing import NamedTuple

from autotag.domain.decisions.tag_providers import unheard
from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.labels import Categorization, Label, label_key
from autotag.domain.model.messages import Labelled
from autotag.domain.rules.compiled.ruleset import Rulebook, Subject
from autotag_cli.stack.scanned_asset import Scanned


class Asset(NamedTuple):
    """An asset to compare rules on. ``labels``: of the providers that are complete.

    ``people``: keys of the tags that people added. ``stored``: what the stack knows, if the asset is from a stack.
    """

    name: str
    labels: dict[str, tuple[Label, ...]]
    subject: Subject
    people: frozenset[str] = frozenset()
    stored: Scanned | None = None

    def unheard(self, rulebook: Rulebook) -> dict[str, tuple[str, ...]]:
        """Return the managed tags that may come from providers whose labels ``rulebook`` lacks."""
        if self.stored is None or not self.stored.stands:
            return {}
        found = self.stored.categorizations
        counted: dict[str, Categorization] = {name: found[name] for name in rulebook.providers if name in found}
        return unheard(counted, self.stored.stands, self.stored.givers)


def of_file(message: Labelled, place: str) -> Asset:
    """Return an asset of which only ``message`` is known; ``place`` is its name if the message has none."""
    name = _name(message.asset) or place
    return Asset(name, _complete(message.categorizations), _subject(message.facts, _tags(message.facts)))


def of_stack(scanned: Scanned) -> Asset:
    """Return an asset as the stack stores it."""
    subject = _subject(scanned.facts, scanned.theirs, scanned.ours, scanned.suppressed)
    people = frozenset(map(label_key, scanned.people))
    return Asset(_name(scanned.asset), _complete(scanned.categorizations), subject, people, scanned)


def _name(asset: AssetRef) -> str:
    return asset.public_id or asset.asset_id


def _complete(found: dict[str, Categorization]) -> dict[str, tuple[Label, ...]]:
    return {provider: entry.labels for provider, entry in found.items() if entry.status == "complete"}


def _tags(facts: Facts | None) -> tuple[str, ...]:
    return facts.tags if facts else ()


def _subject(
    facts: Facts | None, tags: tuple[str, ...], ours: tuple[str, ...] = (), suppressed: tuple[str, ...] = ()
) -> Subject:
    return Subject(
        folder=facts.folder if facts else "",
        format=facts.format if facts else "",
        context=facts.context if facts else {},
        tags=tags,
        ours=frozenset(ours),
        suppressed=frozenset(suppressed),
    )
