"""People's edits of tags: what of a notification a person did, which managed tags it touches, and its audit."""

import hashlib
from collections.abc import Collection

import msgspec

from autotag.domain.model.audit import Audit, AuditHeader, TagChange, audit_id, new_audit, trigger_of
from autotag.domain.model.labels import label_key
from autotag.domain.model.messages import TagsEdited
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.state.asset_state import AssetState
from autotag.domain.state.auto_tagging import without_assigned
from autotag.domain.state.echo import without_echo
from autotag.domain.state.tag_ownership import known_tags
from autotag.domain.state.tags_present import cleared_at, on_asset


def by_person(state: AssetState, message: TagsEdited, own_keys: Collection[str]) -> tuple[TagsEdited, tuple[str, ...]]:
    """Return the part of ``message`` that a person did, and the tags that Cloudinary assigned itself.

    ``own_keys`` are the API keys of this service.
    """
    change = without_echo(state, message, own_keys)
    return without_assigned(state, change, state.categorizations)


def managed_in(state: AssetState, change: TagsEdited) -> frozenset[str]:
    """Return the tags in ``change`` that this service added, or is just adding."""
    present = on_asset(state) if change.observed_at >= cleared_at(state) else state.managed_tags
    managed = {label_key(tag) for tag in present}
    if state.intent is not None:
        managed |= {label_key(tag) for tag in state.intent.outcome.managed_tags}
    return frozenset(tag for tag in (*change.added, *change.removed) if label_key(tag) in managed)


def record_id(message: TagsEdited) -> str:
    """Return the id of the audit of ``message``, which depends on the message alone.

    A message that arrives twice is recorded once. Parts of one notification with different tags are recorded each.
    """
    content = msgspec.json.encode([message.source.digest, message.added, message.removed])
    return audit_id(message.asset.asset_id, message.observed_at, hashlib.sha256(content).hexdigest()[:12])


def person_audit(
    state: AssetState, message: TagsEdited, managed_tags: frozenset[str], ruleset: Ruleset, *, refused: str = ""
) -> Audit:
    """Return the audit of ``message`` for the tags in ``managed_tags``; ``state`` is the state before the change.

    ``refused`` is a sentence that says why the change could not be stored, or "".
    """
    added = tuple(tag for tag in message.added if tag in managed_tags)
    removed = tuple(tag for tag in message.removed if tag in managed_tags)
    by = f"a person ({message.by}) changed the tags" if message.by else "a person changed the tags"
    trigger = trigger_of("person", message.source)
    return new_audit(
        AuditHeader(record_id(message), message.observed_at, state.asset, trigger, ruleset.ref),
        outcome="failed" if refused else "tagged" if added or removed else "unchanged",
        tags=TagChange((), (), ()) if refused else TagChange(known_tags(state), added, removed),
        reason=refused or by,
    )
