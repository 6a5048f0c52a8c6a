"""What a person's answers about tags make of a state: they are wishes like any other, the youngest of which wins."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from autotag.domain.audit import Audit, moment, parts_of
from autotag.domain.labels import label_key
from autotag.domain.message import PersonTags, Reviewed
from autotag.domain.people import register
from autotag.domain.state import AssetState, Intent, Outcome, Wish
from autotag.domain.undoing import Taken, answers_of, keys, way_back


class Answers(NamedTuple):
    """The answers that count, spelt as the state spells the tags; ``undo`` are those that are taken back."""

    accept: tuple[str, ...]
    reject: tuple[str, ...]
    clear: tuple[str, ...]
    undo: tuple[Taken, ...] = ()

    @property
    def tags(self) -> tuple[str, ...]:
        """All tags that something is said about."""
        return (*self.accept, *self.reject, *self.clear, *(taken.tag for taken in self.undo))


Records = Mapping[str, Audit | None]
"""The audits that undos name, by their ids; None where one does not exist."""


def counting(state: AssetState, message: Reviewed, records: Records) -> Answers | None:
    """Return those of the answers that change ``state``, or None where none does.

    A tag must still be asked about, for the version that the person saw; a removal must still stand; and neither a
    person nor Cloudinary may have changed it since. An answer that is taken back must be the last word.
    """
    asked = {label_key(tag): tag for tag in state.review} if message.version == state.asset.version else {}

    def known(tags: Iterable[str], among: Mapping[str, str]) -> tuple[str, ...]:
        found = dict.fromkeys(key for tag in tags if (key := label_key(tag)) in among and _is_younger(key))
        return tuple(among[key] for key in found)

    def _is_younger(key: str) -> bool:
        spoken = state.people[key].at if key in state.people else 0
        assigned = state.assigned[key].at if key in state.assigned else 0
        return max(spoken, assigned) < message.observed_at

    accept = known(message.accept, asked)
    reject = tuple(tag for tag in known(message.reject, asked) if tag not in accept)
    undo = _taken_back(state, message, records) if message.version == state.asset.version else ()
    answers = Answers(accept, reject, known(message.clear, removals(state)), undo)
    return answers if any(answers) else None


def _taken_back(state: AssetState, message: Reviewed, records: Records) -> tuple[Taken, ...]:
    found: dict[str, Taken] = {}
    for tag, of in message.undo:
        taken = way_back(state, tag, of, records.get(of))
        if isinstance(taken, Taken) and parts_of(of).at < message.observed_at:
            found.setdefault(label_key(tag), taken)
    return tuple(found.values())


def removals(state: AssetState) -> dict[str, str]:
    """Return the tags that a person removed, spelt as they did, by their keys."""
    return {k: wish.tag for k, wish in state.people.items() if wish.want == "remove" and not wish.cleared}


def answered(
    state: AssetState, answers: Answers, message: Reviewed, labels: Mapping[str, tuple[str, ...]], unique: str
) -> AssetState:
    """Return the state that knows the answers.

    ``labels`` are those that a tag stands for, by the key of the tag; ``unique`` is the last part of the audit's id.
    """
    told = PersonTags(state.asset, message.observed_at, message.by, message.source, answers.accept, answers.reject)
    known = register(state, told)
    people, facts, ours = dict(known.people), known.facts, dict(known.ours)
    for tag in (*answers.accept, *answers.reject):
        key = label_key(tag)
        meant = tuple(sorted({*people[key].labels, *labels.get(key, ())}))
        after = state.people[key].at if key in state.people else 0
        people[key] = replace(people[key], labels=meant, answer=unique, after=after)
    for tag in answers.clear:
        key = label_key(tag)
        if facts is not None and people[key].at >= facts.observed_at:  # the removal alone told that it is not there
            facts = replace(facts, tags=tuple(there for there in facts.tags if label_key(there) != key))
        people[key] = Wish("remove", message.observed_at, tag, people[key].labels, cleared=True)
    for taken in answers.undo:  # a tag that is removed leaves the facts once that is done
        key = label_key(taken.tag)
        meant = people[key].labels if key in people else ()
        people[key] = Wish("remove", message.observed_at, taken.tag, meant, cleared=True)
        ours |= dict.fromkeys(taken.ours, meant)
    return replace(known, people=people, facts=facts, ours=ours)


def outcome_of(known: AssetState, answers: Answers) -> Outcome:
    """Return what the answers make of ``known``, the state that ``answered`` returned, once they are carried out."""
    waiting = keys(known.review)
    again = [taken for taken in answers.undo if taken.asked and label_key(taken.tag) not in waiting]
    since = [taken.asked_at for taken in again if taken.asked_at]
    if since and known.review and known.asked_at:
        since.append(known.asked_at)
    labels = {tag: known.people[label_key(tag)].labels for taken in answers.undo for tag in taken.add}
    return Outcome(
        known.status,
        {**known.ours, **labels},
        known.decided,
        (*known.review, *(taken.tag for taken in again)),
        min(since, default=0),
    )


def unanswered(state: AssetState, intent: Intent, audit: Audit) -> tuple[AssetState, Outcome]:
    """Return a state and its outcome as if nobody had answered about the tags that Cloudinary refused to change.

    ``audit`` is the record of the refusal; the question is asked again, and an answer that was taken back holds again.
    """
    done = {*audit.tags.added, *audit.tags.removed}
    refused = {label_key(tag): tag for tag in (*intent.add, *intent.remove) if tag not in done}
    at = moment(audit)
    people = {key: wish for key, wish in state.people.items() if key not in refused or wish.at != at}
    people |= {key: wish for key, wish in intent.before.items() if key in refused and key not in people}
    answers = answers_of(audit)
    undone = keys(answers.undo) if answers else frozenset()
    # where a wish holds again, the final write leaves its question out
    again = tuple({**{label_key(tag): tag for tag in intent.outcome.review}, **refused}.values())
    asked_at = intent.outcome.asked_at if undone - refused.keys() else 0
    return replace(state, people=people, review=again), replace(intent.outcome, review=again, asked_at=asked_at)
