"""What people's own doing says about labels: at which confidence a label was right, and at which it was wrong.

- A person accepted or added a tag: the labels that it stands for were right. They rejected or removed it: wrong.
- A person changed tags of an asset and left others of ours there: those were right, too. Nobody can accept a tag that
  is there already, so that without these no threshold could be found too low.
- No evidence: a tag that an upload brought, a wish that was taken back, one that is older than the picture that is
  there now, a label that two wishes contradict each other on, and a label that no threshold of its own decides about
  (denied, on an asset that is skipped, or with a threshold of a ``[[when]]`` block for this very label).
- Nor is a verdict below the place where "wrong" could be said: the review bar, without one the threshold. A person who
  is not asked can add a tag there, but has none to remove, so a few tags added by hand would speak for all the rest.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from msgspec import Struct

from autotag.domain.decisions.label_selection import considered
from autotag.domain.model.labels import label_key, unusable
from autotag.domain.rules.compiled.label_plan import Prospect
from autotag.domain.rules.compiled.ruleset import Rulebook
from autotag.domain.state.asset_state import Wish
from autotag_cli.rules.diff.assets import of_stack
from autotag_cli.stack.scanned_asset import Scanned

Verdict = Literal["right", "left", "wrong"]


class Piece(NamedTuple):
    """One verdict on a label of this ``confidence`` (0 to 1); ``kept``: it reaches the bar that holds on its asset.

    ``left``: right, because it was left there.
    """

    confidence: float
    verdict: Verdict
    kept: bool


class Gathered(Struct):
    """The evidence on one label, spelt as it was returned last: how often there was each piece.

    ``unasked`` verdicts are no evidence, since only "right" could be said where they are.
    """

    name: str
    pieces: Counter[Piece]
    unasked: int = 0


class Evidence(Struct):
    """The evidence by the keys of labels, from ``assets``, on ``spoken`` of which people had changed tags."""

    assets: int = 0
    spoken: int = 0
    labels: dict[str, Gathered] = {}

    def add(self, scanned: Scanned, rulebook: Rulebook, *, explicit: bool = False) -> None:
        """Count one asset; ``explicit``: what was left there says nothing."""
        self.assets += 1
        said = [wish for wish in scanned.wishes if not wish.brought and wish.at >= scanned.asset.version * 1000]
        if not said:
            return
        self.spoken += 1
        for key, name, piece in _pieces(scanned, said, rulebook, explicit=explicit):
            found = self.labels.setdefault(key, Gathered(name, Counter()))
            if piece is None:
                found.unasked += 1
            else:
                found.pieces[piece] += 1


def gather(assets: Iterable[Scanned], rulebook: Rulebook, *, explicit: bool = False) -> Evidence:
    """Return the evidence of all assets, none of which is kept."""
    evidence = Evidence()
    for scanned in assets:
        evidence.add(scanned, rulebook, explicit=explicit)
    return evidence


def _pieces(
    scanned: Scanned, said: list[Wish], rulebook: Rulebook, *, explicit: bool
) -> Iterator[tuple[str, str, Piece | None]]:
    """Yield each label that was judged: its key, its name, and the piece of evidence, None below the bar."""
    asset = of_stack(scanned)
    labels = considered(asset.labels, rulebook.providers)
    settings = rulebook.settings_for(asset.subject, labels.by_key)
    if settings.skip:
        return
    right, wrong = _meant(said, "add"), _meant(said, "remove")
    left = frozenset() if explicit else frozenset(map(label_key, scanned.ours))
    for label in labels.labels:
        prospect = settings.prospects[label.name]
        if unusable(label) or prospect.refused or (prospect.threshold is not None and _is_of_a_block(prospect)):
            continue
        threshold = settings.threshold if prospect.threshold is None else prospect.threshold
        kept = label.confidence >= threshold
        asked = kept or (settings.review is not None and label.confidence >= settings.review)
        accepted, rejected = right.concern(prospect), wrong.concern(prospect)
        if accepted != rejected:
            piece = Piece(label.confidence, "right" if accepted else "wrong", kept)
            yield prospect.key, label.name, piece if asked else None
        elif not accepted and kept and prospect.tag_key in left:
            yield prospect.key, label.name, Piece(label.confidence, "left", kept)


class _Meant(NamedTuple):
    """What some wishes are about: the labels that they name, and the tags of those that name none."""

    labels: frozenset[str]
    tags: frozenset[str]

    def concern(self, prospect: Prospect) -> bool:
        return prospect.key in self.labels or not self.tags.isdisjoint((prospect.tag_key, prospect.key))


def _meant(said: list[Wish], want: Literal["add", "remove"]) -> _Meant:
    wishes = [wish for wish in said if wish.want == want]
    return _Meant(
        frozenset(key for wish in wishes for key in wish.labels),
        frozenset(label_key(wish.tag) for wish in wishes if not wish.labels),
    )


def _is_of_a_block(prospect: Prospect) -> bool:
    return prospect.threshold_path.startswith("when[")
