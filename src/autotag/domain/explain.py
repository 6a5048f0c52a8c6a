"""What became of every label and of every implied tag, each with its reason, in the order that audits show."""

from collections.abc import Iterable

from autotag.domain.candidates import Candidate, Candidates
from autotag.domain.considered import Considered
from autotag.domain.layers import Settings
from autotag.domain.outcome import DROPPED, PRESENT, SUPPRESSED, LabelOutcome, Outcome
from autotag.domain.prospects import Prospect

Fate = tuple[Outcome, str | None, str]
"""An outcome, the tag that came into question, and the reason."""

_UNREACHED = 2.0


class Account:
    """Tells what became of labels, once each of the ``candidates`` has its outcome.

    ``theirs`` are the keys of people's tags. Telling gathers ``review``, the tags to ask a person about by key, and
    completes the sources of the candidates.
    """

    def __init__(
        self, settings: Settings, candidates: Candidates, suppressed: frozenset[str], theirs: frozenset[str]
    ) -> None:
        self._settings, self._candidates = settings, candidates
        self._suppressed, self._theirs = suppressed, theirs
        self.review: dict[str, str] = {}

    def of_labels(self, asked: Considered) -> list[LabelOutcome]:
        """Return one outcome for each of the labels ``asked`` about, in their order."""
        prospects, candidates, told = self._settings.prospects, self._candidates, []
        usual, usual_path = self._settings.threshold, self._settings.threshold_path
        review_bar = _UNREACHED if self._settings.review is None else self._settings.review
        provider, others = asked.provider, asked.others
        outcome: Outcome
        tag: str | None
        for label in asked.labels:
            name, confidence = label.name, label.confidence
            prospect = prospects[name]
            bar, path = prospect.threshold, prospect.threshold_path
            if bar is None:
                bar, path = usual, usual_path
            if label.fault:
                outcome, tag, because = "invalid", None, label.fault
            elif prospect.refused:
                outcome, tag, because = prospect.refused, None, prospect.because
            elif confidence >= bar:
                candidate = candidates.get(prospect.tag_key)
                if candidate is not None and candidate.leader is label:
                    outcome, tag, because = candidate.outcome, candidate.tag, candidate.because or path
                else:
                    outcome, tag, because = self._not_leading(candidate, prospect)
            elif confidence >= review_bar:
                outcome, tag, because = self._undecided(prospect)
            else:
                outcome, tag, because = "below_threshold", None, path
            by = others.get(prospect.key, provider) if others else provider
            told.append(LabelOutcome(name, by, confidence, outcome, tag, bar, because))
        return told

    def _not_leading(self, candidate: Candidate | None, prospect: Prospect) -> Fate:
        if candidate is None or prospect.key in self._suppressed:
            return "suppressed", prospect.tag, SUPPRESSED
        leader = candidate.leader
        if leader is None or candidate.outcome in DROPPED:
            return candidate.outcome, candidate.tag, candidate.because
        candidate.sources += prospect.sources
        return "merged", candidate.tag, f'"{leader.name}" at {leader.confidence:g} gives the same tag'

    def _undecided(self, prospect: Prospect) -> Fate:
        key = prospect.tag_key
        if not self._suppressed.isdisjoint((prospect.key, key)):
            return "suppressed", prospect.tag, SUPPRESSED
        if key in self._theirs:
            return "present", prospect.tag, PRESENT
        candidate = self._candidates.get(key)
        if candidate is None or candidate.outcome in DROPPED:
            self.review.setdefault(key, prospect.tag)
        return "review", prospect.tag, self._settings.review_path


def of_implied(candidates: Iterable[Candidate]) -> list[LabelOutcome]:
    """Return one outcome for each tag that rules alone imply, the most confident first, then by name."""
    told = [
        LabelOutcome(c.implied.name, None, c.confidence, c.outcome, c.tag, None, c.because)
        for c in candidates
        if c.implied is not None
    ]
    told.sort(key=lambda outcome: (-outcome.confidence, outcome.label))
    return told
