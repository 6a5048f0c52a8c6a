"""A reviewer's answers, applied to a state. They are preferences about tags like any other: the latest wins."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from autotag.domain.model.audit import Audit, parts_of
from autotag.domain.model.labels import label_key, label_keys
from autotag.domain.model.messages import ReviewAnswered, TagsEdited
from autotag.domain.review.undo import Taken, way_back
from autotag.domain.review.waiting import asked_tags
from autotag.domain.state.asset_state import AssetState, NextState, TagPreference
from autotag.domain.state.tag_ownership import answered_as, apply_person_edit


class Answers(NamedTuple):
    """The answers that count, with tags spelled as in the state; ``undo`` are the answers that are taken back."""

    accept: tuple[str, ...]
    reject: tuple[str, ...]
    clear: tuple[str, ...]
    undo: tuple[Taken, ...] = ()

    @property
    def tags(self) -> tuple[str, ...]:
        """All tags that the answers are about."""
        return (*self.accept, *self.reject, *self.clear, *(taken.tag for taken in self.undo))


Records = Mapping[str, Audit | None]
"""The audits that ``undo`` refers to, by their ids; None for one that does not exist."""


def counting(state: AssetState, message: ReviewAnswered, records: Records) -> Answers | None:
    """Return the answers that change ``state``, or None if no answer does.

    To accept or reject a tag, it must still be in review, for the version that the reviewer saw. To clear a removal, it
    must still be in effect. Neither a person nor Cloudinary may have changed the tag since. To take an answer back, it
    must be the latest change.
    """
    asked = {label_key(tag): tag for tag in asked_tags(state)} if message.version == state.asset.version else {}

    def known(tags: Iterable[str], among: Mapping[str, str]) -> tuple[str, ...]:
        found = dict.fromkeys(key for tag in tags if (key := label_key(tag)) in among and _is_newest(key))
        return tuple(among[key] for key in found)

    def _is_newest(key: str) -> bool:
        changed_at = state.people[key].at if key in state.people else 0
        assigned_at = state.assigned[key].at if key in state.assigned else 0
        return max(changed_at, assigned_at) < message.observed_at

    accept = known(message.accept, asked)
    reject = tuple(tag for tag in known(message.reject, asked) if tag not in accept)
    undo = _taken_back(state, message, records) if message.version == state.asset.version else ()
    answers = Answers(accept, reject, known(message.clear, removals(state)), undo)
    return answers if any(answers) else None


def _taken_back(state: AssetState, message: ReviewAnswered, records: Records) -> tuple[Taken, ...]:
    found: dict[str, Taken] = {}
    for tag, of in message.undo:
        taken = way_back(state, tag, of, records.get(of))
        if isinstance(taken, Taken) and parts_of(of).at < message.observed_at:
            found.setdefault(label_key(tag), taken)
    return tuple(found.values())


def removals(state: AssetState) -> dict[str, str]:
    """Return the tags that people removed, in their spelling, by key."""
    return {
        k: preference.tag
        for k, preference in state.people.items()
        if preference.want == "remove" and not preference.withdrawn
    }


def answered(
    state: AssetState, answers: Answers, message: ReviewAnswered, labels: Mapping[str, tuple[str, ...]], unique: str
) -> AssetState:
    """Return ``state`` with the answers applied.

    ``labels`` maps the key of a tag to the labels that it stands for; ``unique`` is the last part of the audit's id.
    """
    edit = TagsEdited(state.asset, message.observed_at, message.by, message.source, answers.accept, answers.reject)
    known = apply_person_edit(state, edit)
    people, facts, managed_tags = dict(known.people), known.facts, dict(known.managed_tags)
    for tag in (*answers.accept, *answers.reject):
        key = label_key(tag)
        meant = tuple(sorted({*people[key].labels, *labels.get(key, ())}))
        after = state.people[key].at if key in state.people else 0
        people[key] = replace(people[key], labels=meant, answer=unique, after=after)
    for tag in answers.clear:
        key = label_key(tag)
        if facts is not None and people[key].at >= facts.observed_at:  # its absence is known only from the removal
            facts = replace(facts, tags=tuple(there for there in facts.tags if label_key(there) != key))
        people[key] = TagPreference("remove", message.observed_at, tag, people[key].labels, withdrawn=True)
    for taken in answers.undo:  # a tag to remove stays in the facts until the call is made
        key = label_key(taken.tag)
        meant = people[key].labels if key in people else ()
        people[key] = TagPreference("remove", message.observed_at, taken.tag, meant, withdrawn=True)
        managed_tags |= dict.fromkeys(taken.managed_tags, meant)
    samples = answered_as(known.samples, people, label_keys(answers.tags))
    return replace(known, people=people, facts=facts, managed_tags=managed_tags, samples=samples)


def outcome_of(known: AssetState, answers: Answers) -> NextState:
    """Return the outcome of the answers once they are carried out; ``known`` is the state from ``answered``.

    The tag of a sample is not put in review again: the sample itself asks again.
    """
    waiting = label_keys(known.review).union(known.samples)
    again = [taken for taken in answers.undo if taken.asked and label_key(taken.tag) not in waiting]
    since = [taken.asked_at for taken in again if taken.asked_at]
    if since and known.review and known.asked_at:
        since.append(known.asked_at)
    labels = {tag: known.people[label_key(tag)].labels for taken in answers.undo for tag in taken.add}
    return NextState(
        known.status,
        {**known.managed_tags, **labels},
        known.decided,
        (*known.review, *(taken.tag for taken in again)),
        min(since, default=0),
    )
