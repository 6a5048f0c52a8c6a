"""One asset as the ops function shows it; fields that a page does not need are ignored."""

from msgspec import Struct

from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.labels import label_key, label_keys
from autotag.domain.review.questions import Question, Suggestion
from autotag.domain.sentences.picture import Assignment, PersonChange, Picture, PictureTags
from autotag.domain.sentences.questions import explain_question
from autotag.domain.sentences.sentence import Sentence


class StoredIntent(Struct, frozen=True):
    """The changes that are being written to Cloudinary."""

    add: tuple[str, ...]
    remove: tuple[str, ...]


class AskedAtRandom(Struct, frozen=True):
    """A question at random about a tag that waits: its label's name and confidence, and the bars then (0-1)."""

    label: str
    confidence: float
    threshold: float | None = None
    review: float | None = None


class Cloud(Struct, frozen=True):
    """Where the stack's pictures are delivered; ``cloud_name`` is "" if the stack does not know it."""

    cloud_name: str = ""


class StoredAsset(Struct, frozen=True):
    """The state of one asset; times are ISO 8601 in UTC."""

    asset: AssetRef
    status: str
    tags: PictureTags
    people: dict[str, PersonChange]
    rules_version: str
    assigned: dict[str, Assignment] = {}
    samples: dict[str, AskedAtRandom] = {}
    facts: Facts | None = None
    intent: StoredIntent | None = None
    decided_at: str | None = None
    delivery: Cloud = Cloud()

    @property
    def format(self) -> str:
        """The asset's own format, such as ``jpg``; "" if it is not known."""
        return self.facts.format if self.facts else ""

    @property
    def at_random(self) -> dict[str, Sentence]:
        """Why people are asked at random, by tag."""
        there = label_keys((*self.tags.managed, *self.tags.user))
        return {
            tag: explain_question(_question(tag, asked), is_there=label_key(tag) in there)
            for tag, asked in self.samples.items()
        }

    @property
    def picture(self) -> Picture:
        """What is known of its tags, for sentences."""
        return Picture(self.tags, self.people, self.assigned)


def _question(tag: str, asked: AskedAtRandom) -> Question:
    labels = (Suggestion(asked.label, None, asked.confidence),)
    return Question(tag, labels, asked.threshold, asked.review, "", sample=True)
