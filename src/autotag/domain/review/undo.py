"""Taking back an answer about a tag: which answer is meant, whether it can be taken back, and what that changes."""

from collections.abc import Iterable
from typing import NamedTuple

from autotag.domain.errors import Invalid
from autotag.domain.model.audit import Audit, AuditId, answers_of, iso, milliseconds, parts_of
from autotag.domain.model.labels import label_key, label_keys
from autotag.domain.review.waiting import asked_tags
from autotag.domain.state.asset_state import AssetState, TagPreference
from autotag.domain.state.tag_ownership import active_preferences


class Taken(NamedTuple):
    """The effect of taking back one answer about ``tag``, which the audit ``of`` records.

    ``add`` and ``remove`` are the calls; ``managed_tags`` are the tags that stay and are managed again. ``asked``:
    reviewers are asked about the tag again, as since ``asked_at`` (unix milliseconds; 0: not known).
    """

    tag: str
    of: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    managed_tags: tuple[str, ...] = ()
    asked: bool = True
    asked_at: int = 0


def way_back(state: AssetState, tag: str, of: str, record: Audit | None) -> Taken | str:
    """Return what taking back the answer of the audit ``of`` about ``tag`` does to ``state``.

    ``record`` is that audit; it is None if the answer is not carried out yet, or if the audit has expired. If the
    answer cannot be taken back, return a sentence that says why; return "" if it is taken back already.
    """
    key, name = label_key(tag), state.asset.public_id
    try:
        meant = parts_of(of)
    except Invalid as error:
        return str(error)
    if meant.asset_id != state.asset.asset_id:
        return f"{of!r} is about another asset than {name!r}"
    if why := _unfit(of, tag, record):
        return why
    preference = state.people.get(key)
    if preference is not None and preference.withdrawn and preference.at >= meant.at:
        return ""
    if _is_overwritten(state, preference, meant, record):
        return f"{name!r} was overwritten since"
    held = active_preferences(state).get(key)
    if held is None:
        if (preference is None or preference.at < meant.at) and key in label_keys(asked(state)):
            return Taken(spelt(asked(state), key), of)  # not carried out yet: it will have no effect
    elif held.at > meant.at:
        return f"a person changed {tag!r} of {name!r} since, at {iso(held.at)}"
    elif is_of(held, meant, record):
        return _accept_back(state, held, of, record) if held.want == "add" else _reject_back(state, held, of, record)
    return f"there is no such answer: {of!r} is not the current answer about {tag!r} of {name!r}"


def is_of(preference: TagPreference, meant: AuditId, record: Audit | None) -> bool:
    """Return whether ``preference`` comes from the answer ``meant``; an old one without a mark needs the ``record``."""
    mark = preference.answer or (meant.unique if record is not None else "")
    return (preference.at, mark) == (meant.at, meant.unique)


def answered_tags(state: AssetState, of: str, record: Audit | None) -> tuple[str, ...]:
    """Return the tags that the answer of the audit ``of`` was about, as far as that is known.

    Raises ``Invalid`` if ``of`` is not an audit_id.
    """
    answers = answers_of(record)
    if answers is not None:
        return (*answers.accept, *answers.reject) or (*answers.clear, *answers.undo)
    meant = parts_of(of)
    return tuple(
        preference.tag
        for preference in state.people.values()
        if not preference.withdrawn and is_of(preference, meant, record)
    )


def asked(state: AssetState) -> tuple[str, ...]:
    """Return the tags that reviewers are asked about, or will be once the open intent is finished."""
    return (*asked_tags(state), *(state.intent.outcome.review if state.intent else ()))


def spelt(tags: Iterable[str], key: str) -> str:
    """Return the first of ``tags`` that has the key."""
    return next(tag for tag in tags if label_key(tag) == key)


def _unfit(of: str, tag: str, record: Audit | None) -> str:
    if record is not None and record.trigger.kind != "review":
        return f"{of!r} is no answer in the review queue"
    answers = answers_of(record)
    if answers is None:
        return ""
    key = label_key(tag)
    if key in label_keys(answers.undo):
        return f"{of!r} took an answer about {tag!r} back, which cannot be undone: answer again"
    if key in label_keys(answers.clear):
        return f"{of!r} cleared {tag!r}: only an accept or a reject can be taken back"
    return "" if key in label_keys((*answers.accept, *answers.reject)) else f"{of!r} says nothing about {tag!r}"


def _is_overwritten(state: AssetState, preference: TagPreference | None, meant: AuditId, record: Audit | None) -> bool:
    if record is not None:
        return record.asset.version != state.asset.version
    return preference is not None and preference.at == meant.at < state.asset.version * 1000


def _accept_back(state: AssetState, preference: TagPreference, of: str, record: Audit | None) -> Taken:
    write, key = state.writes.get(preference.tag), label_key(preference.tag)
    last_added = write is not None and write.op == "add"
    written = last_added if record is None else key not in label_keys(record.tags.before)
    answers = answers_of(record)
    managed_tags = tuple(tag for tag in (answers.managed_tags if answers else ()) if label_key(tag) == key)
    return Taken(
        preference.tag,
        of,
        remove=(preference.tag,) if written else (),
        managed_tags=managed_tags,
        asked_at=_asked_at(record),
    )


def _reject_back(state: AssetState, preference: TagPreference, of: str, record: Audit | None) -> Taken:
    key = label_key(preference.tag)
    if record is not None:
        taken = record.tags.removed
    else:
        taken = tuple(tag for tag, write in state.writes.items() if write.op == "remove" and write.at >= preference.at)
    again = tuple(tag for tag in taken if label_key(tag) == key)
    return Taken(preference.tag, of, add=again, asked=not again, asked_at=_asked_at(record))


def _asked_at(record: Audit | None) -> int:
    answers = answers_of(record)
    return milliseconds(answers.asked_at) if answers and answers.asked_at else 0
