"""What the pages of reviews show of the queue: each asset with its pictures, its tags and the questions about it."""

from collections.abc import Callable
from urllib.parse import quote

from msgspec import Struct

from autotag.domain.model.asset import AssetRef
from autotag.domain.model.labels import label_key, label_keys
from autotag.domain.model.outcome import LabelOutcome
from autotag.domain.review.questions import Question
from autotag.domain.sentences.labels import explain_label
from autotag.domain.sentences.numbers import confidence_text, threshold_text
from autotag.domain.sentences.questions import explain_question
from autotag_console.pictures import Delivery, Picture, picture_url
from autotag_console.visible import visible

AT_RANDOM = "Asked at random"
"""The mark of a question that ``autotag review sample`` asked."""


class ListedAsset(Struct, frozen=True):
    """One asset as the ops function lists it; ``since`` is when its oldest question was asked (ISO 8601).

    ``others`` are questions about it that the page of the queue is not about.
    """

    asset: AssetRef
    tags: tuple[Question, ...]
    others: tuple[Question, ...] = ()
    format: str = ""
    folder: str = ""
    since: str = ""
    current_tags: tuple[str, ...] = ()


class ListedPage(Struct, frozen=True):
    """A page of the queue. ``cursor`` is None on the last page; ``waiting`` is the number of assets, if it is known."""

    assets: tuple[ListedAsset, ...]
    cursor: str | None = None
    cloud_name: str = ""
    waiting: int | None = None


class QuestionView(Struct, frozen=True):
    """A question about ``tag``. ``name`` is the tag as pages show it; confidences are 0 to 1, null if there is none.

    ``numbers`` are the confidence and the threshold in words, ``bar`` also the bar from which a person is asked.
    ``extra``: the page of the queue is not about it, but it can be answered along with those that are. ``mark``: what
    tells a question at random from the others, "" for those; ``has_tag``: the picture has its tag already.
    """

    tag: str
    name: str
    labels: str
    confidence: float | None
    threshold: float | None
    review: float | None
    numbers: str
    bar: str
    reason: str
    place: str
    extra: bool = False
    mark: str = ""
    has_tag: bool = False


class AssetView(Struct, frozen=True):
    """An asset with its questions. ``name`` is its public_id as pages show it, ``page`` the path of its own page."""

    asset: str
    version: int
    name: str
    page: str
    alt: str
    tags: tuple[str, ...]
    deck: Picture
    large: Picture
    grid: Picture
    questions: tuple[QuestionView, ...]


class ReviewPage(Struct, frozen=True):
    """A page of the queue as a deck shows it, and the cursor of the next one, or None."""

    assets: tuple[AssetView, ...]
    cursor: str | None


def asset_view(listed: ListedAsset, delivery: Delivery, is_answered: Callable[[str, str], bool]) -> AssetView:
    """Return what pages show of an asset in the queue; ``delivery`` is that of the stack's cloud.

    ``is_answered`` returns whether the question about an asset's tag was answered a moment ago; it is left out.
    """
    asset, name = listed.asset, visible(listed.asset.public_id)
    labels = dict.fromkeys(visible(each.label) for question in listed.tags for each in question.labels)
    there = label_keys(listed.current_tags)
    deck, large, grid = (picture_url(delivery, asset, listed.format, size) for size in ("deck", "large", "grid"))
    return AssetView(
        asset.asset_id,
        asset.version,
        name,
        f"/asset/{quote(asset.asset_id, safe='')}",
        f"{name}: {', '.join(labels)}" if labels else name,
        tuple(map(visible, listed.current_tags)),
        deck,
        large,
        grid,
        tuple(
            question_view(each, extra=extra, has_tag=label_key(each.tag) in there)
            for some, extra in ((listed.tags, False), (listed.others, True))
            for each in some
            if not is_answered(asset.asset_id, each.tag)
        ),
    )


def question_view(question: Question, *, extra: bool = False, has_tag: bool = False) -> QuestionView:
    """Return what pages show of a question; ``has_tag``: the picture has its tag."""
    confidence = question.labels[0].confidence if question.labels else None
    return QuestionView(
        question.tag,
        visible(question.tag),
        visible(", ".join(f"{e.label} {confidence_text(e.confidence, question.threshold)}" for e in question.labels)),
        confidence,
        question.threshold,
        question.review,
        (numbers := _numbers(confidence, question)),
        f"{numbers}; a person is asked from {threshold_text(question.review)}" if question.review else numbers,
        visible(_reason(question, has_tag)),
        visible(question.because),
        extra,
        AT_RANDOM if question.sample else "",
        has_tag,
    )


def _numbers(confidence: float | None, question: Question) -> str:
    """Return the numbers of the bar in words."""
    if confidence is None:
        return "No label gives this tag"
    number = confidence_text(confidence, question.threshold)
    if question.threshold is not None and confidence >= question.threshold:  # one at random
        return f"{number}, and it needs {threshold_text(question.threshold)}"
    needed = f" of the {threshold_text(question.threshold)} it needs" if question.threshold is not None else ""
    return f"{number}{needed}"


def _reason(question: Question, has_tag: bool) -> str:
    """Return why a person is asked, as the page of the asset says it."""
    if question.sample:
        return explain_question(question, is_there=has_tag).text
    if not question.asked or not question.labels:
        return f"Your rules no longer ask: {question.because}."
    best = question.labels[0]
    outcome = LabelOutcome(
        best.label, best.provider, best.confidence, "review", question.tag, question.threshold, question.because
    )
    return explain_label(outcome).text
