"""The tags of candidates in all their languages, after people's changes and the cap."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from autotag.domain.decisions.tag_candidates import AssetTags, TagCandidate, TagCandidates, ranking_of
from autotag.domain.model.outcome import PRESENT, SUPPRESSED, LabelOutcome, OutcomeKind
from autotag.domain.rules.compiled.implied_tag import ImpliedTag
from autotag.domain.rules.compiled.label_plan import LabelPlan, LabelPlans
from autotag.domain.rules.compiled.languages import NO_WORDS, Word
from autotag.domain.rules.compiled.settings import Settings


class SpokenTag(Struct, gc=False):
    """A tag in one language. ``word`` is None for the tag of a candidate itself, which ``candidate`` is.

    ``outcome`` is ``kept``, ``present``, ``over_max`` or ``suppressed``, for the reason ``because``.
    """

    tag: str
    candidate: TagCandidate
    word: Word | None
    outcome: OutcomeKind = "kept"
    because: str = ""

    @property
    def explanation(self) -> tuple[OutcomeKind, str, str]:
        """The outcome of a label that people would be asked about if no candidate gave this word: see ``Explainer``."""
        if self.outcome != "kept" or self.word is None:
            return self.outcome, self.tag, self.because
        return "given", self.tag, f'"{self.tag}" is given by {self.word.path} already'


class SpokenTags(Struct, frozen=True, gc=False):
    """All tags by their keys, in order; the first candidate in the ranking that has a tag gives it its spelling.

    ``removed`` are the words that a person removed, or that go with a removed tag. ``givers`` are the candidates that
    are not removed, by the keys of their tags. ``room`` is how many more tags the cap allows.
    """

    by_key: dict[str, SpokenTag]
    removed: dict[str, SpokenTag]
    givers: dict[str, list[TagCandidate]]
    room: int

    def sources(self, key: str) -> tuple[str, ...]:
        """Return what the tag with this key stands for: what all candidates that give it stand for."""
        return tuple(dict.fromkeys(source for giver in self.givers[key] for source in giver.sources))

    @property
    def staying(self) -> dict[str, SpokenTag]:
        """The tags that stay, by key, those of people included."""
        return {key: each for key, each in self.by_key.items() if each.outcome != "over_max"}

    @property
    def words(self) -> dict[str, SpokenTag]:
        """The tags that candidates give in further languages, by key, whatever becomes of them."""
        return {key: each for key, each in (self.removed | self.by_key).items() if each.word is not None}

    @property
    def further(self) -> list[LabelOutcome]:
        """The outcomes of the words that no candidate gives as its own tag."""
        own = {giver.key for givers in self.givers.values() for giver in givers}
        return [_outcome_of(each, each.word) for key, each in self.words.items() if each.word and key not in own]


def _outcome_of(spoken: SpokenTag, word: Word) -> LabelOutcome:
    candidate = spoken.candidate
    name = candidate.leader.name if candidate.leader else candidate.implied.name if candidate.implied else spoken.tag
    outcome: OutcomeKind = "translated" if spoken.outcome == "kept" else spoken.outcome
    because = word.path if spoken.outcome == "kept" else spoken.because
    return LabelOutcome(name, None, candidate.confidence, outcome, spoken.tag, None, because)


def _plan_of(candidate: TagCandidate, plans: LabelPlans) -> LabelPlan | ImpliedTag | None:
    """Return what the rules say of a candidate: of the label that leads it, or of what implies it."""
    return plans.lookup(candidate.leader.name) if candidate.leader else candidate.implied


def spoken_tags(candidates: TagCandidates, settings: Settings, asset_tags: AssetTags) -> SpokenTags:
    """Return the tags of ``candidates`` in all languages.

    A candidate of which one tag was removed by a person goes with all its tags. The others are ranked; from the first
    one on whose tags do not all fit under the cap, none fits.
    """
    plans = {key: _plan_of(each, settings.label_plans) for key, each in candidates.items()}
    words = {key: plan.words if plan else NO_WORDS for key, plan in plans.items()}
    remaining: list[TagCandidate] = []
    gone: list[TagCandidate] = []
    for each in candidates.values():
        is_removed = not asset_tags.removed_keys.isdisjoint((each.key, *(word.key for word in words[each.key])))
        (gone if is_removed else remaining).append(each)
    by_key: dict[str, SpokenTag] = {}
    givers: dict[str, list[TagCandidate]] = {}
    room, fits = settings.max_tags, True
    for each in ranking_of(remaining):
        new: list[SpokenTag] = []
        for key, spoken in _tags_of(each, words[each.key]):
            givers.setdefault(key, []).append(each)
            if key in by_key:
                continue
            by_key[key] = spoken
            if key in asset_tags.user_keys and spoken.tag not in asset_tags.managed:
                spoken.outcome, spoken.because = "present", PRESENT
            else:
                new.append(spoken)
        fits = fits and len(new) <= room
        if fits:
            room -= len(new)
        for spoken in () if fits else new:
            spoken.outcome, spoken.because = "over_max", settings.max_tags_path
    removed: dict[str, SpokenTag] = {}
    without_word = by_key.keys() | {each.key for each in gone}
    for each in gone:
        each.outcome, each.because = "suppressed", SUPPRESSED
        for key, spoken in _tags_of(each, words[each.key]):
            if key not in without_word:
                spoken.outcome, spoken.because = "suppressed", SUPPRESSED
                removed.setdefault(key, spoken)
    return SpokenTags(by_key, removed, givers, room)


def _tags_of(candidate: TagCandidate, words: Iterable[Word]) -> Iterator[tuple[str, SpokenTag]]:
    yield candidate.key, SpokenTag(candidate.tag, candidate, None)
    for word in words:
        yield word.key, SpokenTag(word.tag, candidate, word)


def managed_in_all_languages(candidates: TagCandidates, settings: Settings, asset_tags: AssetTags) -> frozenset[str]:
    """Return the tags that stay and are not people's."""
    staying = spoken_tags(candidates, settings, asset_tags).staying
    return frozenset([each.tag for each in staying.values() if each.outcome != "present"])


def mark_candidates(spoken: SpokenTags) -> None:
    """Give each candidate that is not removed the outcome and the spelling of its own tag."""
    for key, givers in spoken.givers.items():
        own = spoken.by_key[key]
        for each in givers:
            if each.key == key:
                each.tag = own.tag
                if own.outcome != "kept":
                    each.outcome, each.because = own.outcome, own.because


def mark_translated(candidates: Iterable[TagCandidate], plans: LabelPlans) -> None:
    """Give the outcome ``translated`` to the candidates that stay and whose tag is a word of another language."""
    for each in candidates:
        plan = _plan_of(each, plans) if each.outcome in ("kept", "parent", "added") else None
        if plan is not None and plan.translated:
            each.outcome, each.because = "translated", plan.translated
