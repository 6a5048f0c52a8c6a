"""What a person's answers about tags make of a state: they are wishes like any other, the youngest of which wins."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from autotag.domain.audit import Audit, moment
from autotag.domain.labels import label_key
from autotag.domain.message import PersonTags, Reviewed
from autotag.domain.people import register
from autotag.domain.state import AssetState, Intent, Outcome, Wish


class Answers(NamedTuple):
    """The answers that count, spelt as the state spells the tags."""

    accept: tuple[str, ...]
    reject: tuple[str, ...]
    clear: tuple[str, ...]


def counting(state: AssetState, message: Reviewed) -> Answers | None:
    """Return those of the answers that change ``state``, or None where none does.

    A tag must still be asked about, for the version that the person saw; a removal must still stand; and nobody may
    have spoken since.
    """
    asked = {label_key(tag): tag for tag in state.review} if message.version == state.asset.version else {}

    def known(tags: Iterable[str], among: Mapping[str, str]) -> tuple[str, ...]:
        keys = dict.fromkeys(key for tag in tags if (key := label_key(tag)) in among and _is_younger(key))
        return tuple(among[key] for key in keys)

    def _is_younger(key: str) -> bool:
        return key not in state.people or state.people[key].at < message.observed_at

    accept = known(message.accept, asked)
    reject = tuple(tag for tag in known(message.reject, asked) if tag not in accept)
    answers = Answers(accept, reject, known(message.clear, removals(state)))
    return answers if any(answers) else None


def removals(state: AssetState) -> dict[str, str]:
    """Return the tags that a person removed, spelt as they did, by their keys."""
    return {k: wish.tag for k, wish in state.people.items() if wish.want == "remove" and not wish.cleared}


def answered(
    state: AssetState, answers: Answers, message: Reviewed, labels: Mapping[str, tuple[str, ...]]
) -> AssetState:
    """Return the state that knows the answers; ``labels`` are those that a tag stands for, by the key of the tag."""
    told = PersonTags(state.asset, message.observed_at, message.by, message.source, answers.accept, answers.reject)
    known = register(state, told)
    people, facts = dict(known.people), known.facts
    for tag in (*answers.accept, *answers.reject):
        key = label_key(tag)
        people[key] = replace(people[key], labels=tuple(sorted({*people[key].labels, *labels.get(key, ())})))
    for tag in answers.clear:
        key = label_key(tag)
        if facts is not None and people[key].at >= facts.observed_at:  # the removal alone told that it is not there
            facts = replace(facts, tags=tuple(there for there in facts.tags if label_key(there) != key))
        people[key] = Wish("remove", message.observed_at, tag, people[key].labels, cleared=True)
    return replace(known, people=people, facts=facts)


def unanswered(state: AssetState, intent: Intent, audit: Audit) -> tuple[AssetState, Outcome]:
    """Return a state and its outcome as if nobody had answered about the tags that Cloudinary refused to change.

    ``audit`` is the record of the refusal; whoever answered is asked again.
    """
    done = {*audit.tags.added, *audit.tags.removed}
    refused = {label_key(tag): tag for tag in (*intent.add, *intent.remove) if tag not in done}
    at = moment(audit)
    people = {key: wish for key, wish in state.people.items() if key not in refused or wish.at != at}
    again = tuple(dict.fromkeys((*intent.outcome.review, *refused.values())))
    return replace(state, people=people, review=again), replace(intent.outcome, review=again)
