"""What people said about the labels of one asset, each verdict at the label's confidence.

A verdict counts only if the same person, at the same place, had the same chance to say right and wrong:

- ``sample``: the answer to a question at random. It counts everywhere.
- ``answer``: an answer in the review queue. That there was a question shows that both could be said.
- ``edit``: a managed tag was removed: the label was wrong. It counts if the label had reached the threshold that held,
  and if a person changed another tag of the asset that a label gives, so that this tag, had it been right, would be
  among those that were left. In the review band, an addition by hand counts if another question of the asset was
  answered: a wrong one would have been rejected there. Elsewhere an addition is no verdict, since there is none to
  say the contrary: six tags added by hand would stand for thousands of assets that nobody looked at.
- ``left``: a managed tag that was there while a person changed another one, as the state recorded it, and that no
  person changed later.

What remains unequal, and cannot be corrected from the edits alone:

- How often a person who looks at a wrong tag removes it is unknown. So ``left`` means right or not noticed; the model
  takes the removal rate as unknown (see ``estimate``).
- A person who changes one tag of an asset looks at it for a reason. Assets with one wrong tag may have more of them,
  so among these assets wrong ones are, if anything, too frequent. Which pictures people open is not random either.
- Removals recorded without the bars that held have no counterpart, since older releases did not record what was left:
  they count only through a change that has its bars.

The bar is the one that held when it was said. Where it is not known, it is that of the given rules on this asset.
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from msgspec import Struct

from autotag.domain.learning.asset_labels import AssetLabel
from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.labels import label_key
from autotag.domain.model.verdicts import Bar, Sample
from autotag.domain.state.asset_state import TagPreference

Kind = Literal["sample", "answer", "edit", "left"]
KINDS: tuple[Kind, ...] = ("sample", "answer", "edit", "left")


class Verdict(Struct, frozen=True):
    """One verdict on a label. ``at`` is in ms, ``rules`` the first characters of the version that held, "": unknown."""

    label: str
    kind: Kind
    right: bool
    confidence: float
    bar: Bar
    rules: str
    at: int

    @property
    def passive(self) -> bool:
        """Whether a wrong tag would have had to be noticed: where one was removed or left, not added or answered."""
        return self.kind == "left" or (self.kind == "edit" and not self.right)


NotCounted = Literal["only_right", "alone"]
"""Why an edit is no verdict: a wrong label could not have been marked there, or no other tag was changed."""


class Edit(NamedTuple):
    """A tag that a person added by hand (``right``) or removed, at ``at`` (ms). ``kept``: its label gave it then."""

    label: str
    right: bool
    kept: bool
    at: int


class Said(NamedTuple):
    """What people said about one asset: ``verdicts``, labels with edits that are none, and all ``edits``."""

    verdicts: list[Verdict]
    not_counted: list[tuple[str, NotCounted]]
    edits: list[Edit]


class _Wish(NamedTuple):
    """A preference that is an edit or an answer of a person about the present picture, with the key of its tag."""

    key: str
    said: TagPreference

    def is_about(self, label: AssetLabel) -> bool:
        """Whether it is about this label: one that it names, or else one with its tag."""
        if self.said.labels and label.plan.key in self.said.labels:
            return True
        return not self.said.labels and self.key in (label.plan.tag_key, label.plan.key)

    def is_given_by(self, label: AssetLabel) -> bool:
        """Whether the label gives its tag."""
        return self.is_about(label) or self.key in (label.plan.tag_key, label.plan.key, label.plan.name_key)


def what_people_said(scanned: ScannedAsset, labels: Iterable[AssetLabel]) -> Said:
    """Return what people said about ``labels``, which are those of the asset under the given rules."""
    found = Said([], [], [])
    wishes = [
        _Wish(label_key(each.tag), each)
        for each in scanned.preferences
        if not each.set_by_upload and each.at >= scanned.asset.version * 1000
    ]
    answered = {key: sample for key, sample in scanned.samples.items() if sample.answer}
    if not wishes and not answered and not scanned.left:
        return found
    active = [wish for wish in wishes if not wish.said.withdrawn and wish.key not in answered]
    labels = list(labels)
    edits = [wish for wish in wishes if _is_recorded_edit(wish, labels)]
    for label in labels:
        key = label.plan.key
        sample = next((each for each in answered.values() if each.label == key), None)
        about = [wish for wish in wishes if wish.is_about(label)]
        if sample is not None:
            right = sample.answer == "accept"
            if any(_contradicts(wish.said, sample) for wish in about):
                continue
            at = sample.answered_at
            confidence = sample.confidence / 10_000
            found.verdicts.append(Verdict(key, "sample", right, confidence, sample.bar, sample.rules, at))
            continue
        said = [wish for wish in active if wish.is_about(label)]
        if len({wish.said.want for wish in said}) > 1:
            continue
        for wish in said[:1]:
            _add_wish(found, wish, label, active, edits, scanned)
        left = scanned.left.get(key)
        if (
            left is not None
            and not any(wish.said.at >= left.at or not wish.said.withdrawn for wish in about)
            and label.plan.tag_key not in answered
        ):
            found.verdicts.append(Verdict(key, "left", True, label.confidence, left.bar, left.rules, left.at))
    return found


def _contradicts(said: TagPreference, sample: Sample) -> bool:
    """Return whether a person changed the tag later, and not to what was answered."""
    right = sample.answer == "accept"
    return not said.withdrawn and said.at > sample.answered_at and (said.want == "add") != right


def _add_wish(
    found: Said, wish: _Wish, label: AssetLabel, active: list[_Wish], edits: list[_Wish], scanned: ScannedAsset
) -> None:
    key, said = label.plan.key, wish.said
    bar = said.bars.get(key, label.bar)
    right, kept = said.want == "add", label.confidence >= bar.threshold
    if said.answer:
        found.verdicts.append(Verdict(key, "answer", right, label.confidence, bar, said.rules, said.at))
        return
    found.edits.append(Edit(key, right, kept, said.at))
    if _had_both_chances(wish, label, bar, active, edits, scanned):
        found.verdicts.append(Verdict(key, "edit", right, label.confidence, bar, said.rules, said.at))
    else:
        found.not_counted.append((key, "only_right" if right else "alone"))


def _had_both_chances(
    wish: _Wish, label: AssetLabel, bar: Bar, active: list[_Wish], edits: list[_Wish], scanned: ScannedAsset
) -> bool:
    """Return whether the contrary of an edit would have left a verdict as well.

    Under rules that are known, a label without a bar gave no tag, so that nothing of it could have been left.
    """
    if wish.said.rules and label.plan.key not in wish.said.bars:
        return False
    if label.confidence >= bar.threshold:
        if wish.said.want == "add":
            return False
        left = scanned.left.get(label.plan.key)
        later = any(other.key != wish.key and other.said.at >= wish.said.at for other in edits)
        return later or (left is not None and left.at <= wish.said.at)
    asked = bar.review is not None and label.confidence >= bar.review
    return asked and wish.said.want == "add" and any(other.said.answer for other in active if other.key != wish.key)


def _is_recorded_edit(wish: _Wish, labels: Iterable[AssetLabel]) -> bool:
    """Return whether it is an edit of a tag that a label gives, recorded with bars: so was what it left."""
    said = wish.said
    return bool(said.bars) and not (said.answer or said.withdrawn) and any(map(wish.is_given_by, labels))
