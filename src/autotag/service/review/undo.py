"""Checks of answers: whether one can be or is carried out, and if not, why not and what to do instead."""

import shlex

from msgspec.structs import replace

from autotag.domain.errors import Invalid
from autotag.domain.model.audit import Audit, audit_id, parts_of
from autotag.domain.model.labels import label_key, label_keys
from autotag.domain.model.messages import ReviewAnswered
from autotag.domain.review.answer_audit import UNIQUE
from autotag.domain.review.answers import removals
from autotag.domain.review.undo import Taken, answered_tags, asked, way_back
from autotag.domain.state.asset_state import AssetState, TagPreference, is_deleted
from autotag.domain.state.tag_ownership import active_preferences
from autotag.ports.audits import AuditReader
from autotag.service.review.choices import Choice, Sent


def meant(state: AssetState, choice: Choice) -> Choice:
    """Return ``choice``; clearing a tag that was accepted in the queue becomes an undo of that answer."""
    preference = active_preferences(state).get(label_key(choice.tag))
    if choice.verdict == "clear" and preference is not None and preference.want == "add" and preference.answer:
        return replace(choice, verdict="undo", of=_answer_id(state, preference))
    return choice


def each_tag(state: AssetState, choice: Choice, records: AuditReader) -> tuple[Choice, ...]:
    """Return an undo without a tag as one undo for each tag of the answer, and any other choice as it is.

    Raises ``Invalid`` if no such answer is known.
    """
    if choice.tag:
        return (choice,)
    meant = parts_of(choice.of)
    record = records.get(choice.of) if meant.asset_id == state.asset.asset_id else None
    tags = answered_tags(state, choice.of, record)
    if not tags:
        what = "is no answer in the review queue" if record else "is not carried out yet, or expired: name its tags"
        raise Invalid("", f"{choice.of!r} {what}")
    return tuple(replace(choice, tag=tag) for tag in tags)


def is_done(state: AssetState, choice: Choice, records: AuditReader) -> bool:
    """Whether a person's preference is as ``choice`` says, and nothing is left to do for it."""
    if state.intent is not None:
        return False
    if choice.verdict != "undo":
        return _is_wish(state, choice)
    record = _record(records, choice)  # a later answer does not mean that the undo was not carried out
    if record is not None and record.outcome not in ("failed", "gone"):
        return True
    return way_back(state, choice.tag, choice.of, _named_by(state, choice, records)) == ""


def under_way(state: AssetState, choice: Choice) -> str:
    """Return the audit_id of an accept or reject that says what ``choice`` does and is being carried out, or "".

    To repeat an answer gives no second one, whether it is carried out already or not: the first would be taken back,
    and the second be lost, since there is no question any more that it could answer.
    """
    if choice.verdict not in ("accept", "reject"):
        return ""
    key = label_key(choice.tag)
    for message in reversed(state.answers):
        said = {"accept": message.accept, "reject": message.reject, "other": (*message.clear, *_undone(message))}
        found = [verdict for verdict, tags in said.items() if key in label_keys(tags)]
        if found and message.version == state.asset.version:
            same = found == [choice.verdict] and not _is_changed_since(state, key, message.observed_at)
            return audit_id(message.asset_id, message.observed_at, message.source.digest[:UNIQUE]) if same else ""
    preference = active_preferences(state).get(key)
    if state.intent is None or preference is None or not preference.answer or not _is_wish(state, choice):
        return ""
    return _answer_id(state, preference)


def _undone(message: ReviewAnswered) -> tuple[str, ...]:
    return tuple(tag for tag, _ in message.undo)


def _is_changed_since(state: AssetState, key: str, at: int) -> bool:
    """Whether a person is known to have changed the tag after ``at``: an answer from before then does not count."""
    return key in state.people and state.people[key].at > at


def _is_wish(state: AssetState, choice: Choice) -> bool:
    key = label_key(choice.tag)
    if choice.verdict == "clear":
        return key in state.people and state.people[key].withdrawn
    preference = active_preferences(state).get(key)
    return preference is not None and preference.want == ("add" if choice.verdict == "accept" else "remove")


def objection(state: AssetState, choice: Choice, records: AuditReader) -> str:
    """Return why ``choice`` cannot be carried out, or "" if it can be, or is."""
    key, name = label_key(choice.tag), state.asset.public_id
    if is_deleted(state):
        return f"{name!r} was deleted"
    if choice.version not in (0, state.asset.version):
        return f"{name!r} was overwritten since"
    choice = meant(state, choice)
    if choice.verdict == "undo":
        back = way_back(state, choice.tag, choice.of, _named_by(state, choice, records))
        return "" if isinstance(back, Taken) else back
    if _is_wish(state, choice):
        return ""
    if choice.verdict == "clear":
        way = _way(state, key, choice.tag)
        return "" if key in removals(state) else f"no person removed {choice.tag!r} from {name!r}{way}"
    if key in label_keys(asked(state)):
        return ""
    return f"there is no question about {choice.tag!r} of {name!r}{_way(state, key, choice.tag)}"


def failure(state: AssetState, choice: Choice, records: AuditReader) -> str:
    """Return why an answer that was queued was not carried out, or "" if that is not known."""
    record = _record(records, choice)
    if record is not None and record.outcome == "failed":
        return str(record.reason)
    if not isinstance(choice, Sent) or not choice.audit_id or choice.verdict not in ("accept", "reject"):
        return ""
    preference = state.people.get(label_key(choice.tag))
    taken_back = preference is not None and preference.withdrawn and preference.at >= parts_of(choice.audit_id).at
    return f"{choice.tag!r} of {state.asset.public_id!r} was taken back since" if taken_back else ""


def _way(state: AssetState, key: str, tag: str) -> str:
    """Return what else can be done about a tag that a person has decided on, as the end of a sentence."""
    preference = active_preferences(state).get(key)
    if preference is None:
        return ""
    if preference.answer:
        did = "accepted" if preference.want == "add" else "rejected"
        return (
            f": it was {did}, which autotag review undo {_answer_id(state, preference)} {shlex.quote(tag)} takes back"
        )
    if preference.want == "add":
        return ": a person added it, so remove it in Cloudinary"
    return ": a person removed it, which autotag review clear takes back"


def _answer_id(state: AssetState, preference: TagPreference) -> str:
    return audit_id(state.asset.asset_id, preference.at, preference.answer)


def _named_by(state: AssetState, choice: Choice, records: AuditReader) -> Audit | None:
    """Return the audit that an undo names, if it belongs to the asset."""
    return records.get(choice.of) if choice.of.startswith(f"{state.asset.asset_id}.") else None


def _record(records: AuditReader, choice: Choice) -> Audit | None:
    return records.get(choice.audit_id) if isinstance(choice, Sent) and choice.audit_id else None
