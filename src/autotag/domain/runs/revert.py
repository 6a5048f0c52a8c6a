"""The change of an asset when decisions are undone: managed tags only, and never against a person's change."""

from collections.abc import Iterable
from typing import NamedTuple

from autotag.domain.model.audit import Audit, moment
from autotag.domain.model.labels import label_key
from autotag.domain.runs.run import RevertSelection
from autotag.domain.state.asset_state import AssetState, Op, is_deleted
from autotag.domain.state.tag_ownership import active_preferences, suppressed, user_tags_of


class Reversal(NamedTuple):
    """The tags to add again, each with the keys of the labels that it stood for, and the tags to remove."""

    add: dict[str, tuple[str, ...]]
    remove: tuple[str, ...]


def reversal(state: AssetState, audits: Iterable[Audit], undo: RevertSelection) -> Reversal | None:
    """Return what undoing the selected decisions changes, or None if it changes nothing.

    ``audits`` are those of the asset, the latest first; they are read as far as needed. A tag that a person removed
    does not come back. A tag that a person added since is that person's and stays.
    """
    if is_deleted(state):
        return None
    wanted = {tag: _Step("remove") for tag in state.managed_tags} if undo.everything else _undone(audits, undo)
    peoples = {label_key(tag) for tag in user_tags_of(state)}
    barred = suppressed(state) | active_preferences(state).keys() | peoples
    remove, add = [], {}
    for tag, step in wanted.items():
        if undo.tag and label_key(tag) != label_key(undo.tag):
            continue
        if step.op == "remove" and tag in state.managed_tags:
            remove.append(tag)
        elif step.op == "add" and tag not in state.managed_tags and barred.isdisjoint((label_key(tag), *step.labels)):
            add[tag] = step.labels
    return Reversal(add, tuple(remove)) if add or remove else None


class _Step(NamedTuple):
    """The operation to perform on a tag, and the keys of the labels that it stood for."""

    op: Op
    labels: tuple[str, ...] = ()


def _undone(audits: Iterable[Audit], undo: RevertSelection) -> dict[str, _Step]:
    """Return the inverse of the selected decisions by tag; for each tag the oldest selected decision counts."""
    ops: dict[str, Op] = {}
    labels: dict[str, tuple[str, ...]] = {}
    for audit in audits:
        for tag in audit.tags.added:
            labels.setdefault(tag, _labels_of(audit, tag))
        if _is_selected(audit, undo):
            ops |= dict.fromkeys(audit.tags.added, "remove")
            ops |= dict.fromkeys(audit.tags.removed, "add")
    return {tag: _Step(op, labels.get(tag, ())) for tag, op in ops.items()}


def _is_selected(audit: Audit, undo: RevertSelection) -> bool:
    at = moment(audit)
    return (
        audit.trigger.kind not in ("person", "review")
        and audit.mode == "apply"
        and (not undo.run or audit.trigger.request_id == undo.run)
        and audit.rules.version.startswith(undo.rules)
        and at >= undo.since
        and (not undo.until or at <= undo.until)
    )


def _labels_of(audit: Audit, tag: str) -> tuple[str, ...]:
    """Return the keys of the labels that became ``tag``, or of the name under which rules imply it."""
    return tuple(
        sorted({label_key(each.label) for each in audit.labels if each.tag == tag and each.outcome in _BECAME})
    )


_BECAME = ("kept", "merged", "parent", "added", "translated")
