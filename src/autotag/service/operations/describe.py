"""The form of states and audits in answers to operators."""

from typing import Any

import msgspec
from msgspec import UNSET

from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.audit import Audit, Inputs, audit_id, iso, public
from autotag.domain.model.labels import Categorization, label_key
from autotag.domain.model.verdicts import Sample
from autotag.domain.review.waiting import UNIT, asked_tags, waiting_samples
from autotag.domain.state.asset_state import AssetState, Detection, TagPreference
from autotag.domain.state.tag_ownership import user_tags_of


def raw_state(state: AssetState) -> bytes:
    """Return every field of a state under its stored name, the record of an open intent as JSON, too."""
    fields = msgspec.to_builtins(state)
    if state.intent is not None:
        fields["intent"]["audit"] = msgspec.Raw(state.intent.audit)
    return msgspec.json.encode(fields)


def describe(state: AssetState) -> dict[str, Any]:
    """Return the state as commands print it: times in ISO 8601, labels as objects."""
    return {
        "asset": state.asset,
        "status": state.status,
        "tags": {"ours": list(state.managed_tags), "theirs": user_tags_of(state), "review": asked_tags(state)},
        "people": {w.tag: _change(state, w) for w in state.people.values() if not w.withdrawn},
        "samples": {sample.tag: _sample(state, sample) for sample in waiting_samples(state).values()},
        "assigned": {key: {"at": iso(found.at), "alone": found.alone} for key, found in state.assigned.items()},
        "facts": state.facts,
        "categorizations": {name: _labels(found) for name, found in state.categorizations.items()},
        "rules_version": state.rules_version,
        "intent": state.intent
        and {
            "audit_id": state.intent.audit_id,
            "add": state.intent.add,
            "remove": state.intent.remove,
            "attempts": state.intent.attempts,
            "due_at": iso(state.intent.due_at),
        },
        "poll": state.poll
        and {
            "attempts": state.poll.attempts,
            "due_at": iso(state.poll.due_at),
            "deadline_at": iso(state.poll.deadline_at),
        },
        "decided_at": iso(state.final_at) if state.final_at else None,
        **({"detect": _detection(state.detect)} if state.detect else {}),
    }


def _detection(claim: Detection) -> dict[str, Any]:
    """Return what is known of the call of Rekognition that an asset waits for."""
    return {"attempts": claim.attempts, "under_way": bool(claim.owner), "due_at": iso(claim.not_before or claim.due_at)}


def _sample(state: AssetState, sample: Sample) -> dict[str, Any]:
    """Return a question at random that waits, with the label as the asset spells it."""
    names = (label.name for found in state.categorizations.values() for label in found.labels)
    return {
        "at": iso(sample.at),
        "label": next((name for name in names if label_key(name) == sample.label), sample.label),
        "confidence": sample.confidence / UNIT,
        "threshold": sample.bar.threshold,
        "review": sample.bar.review,
    }


def _change(state: AssetState, preference: TagPreference) -> dict[str, Any]:
    """Return a person's change of a tag; ``answer`` is the audit_id if it was a reviewer's answer, else ""."""
    unique = preference.answer
    return {
        "want": preference.want,
        "at": iso(preference.at),
        "by_upload": preference.set_by_upload,
        "answer": audit_id(state.asset.asset_id, preference.at, unique) if unique else "",
    }


def audit_for_commands(audit: Audit, state: AssetState, cloud_name: str) -> bytes:
    """Return an audit as commands print it, with what the picture that it is about needs to be shown."""
    known = audit.inputs.facts if isinstance(audit.inputs, Inputs) else UNSET
    facts = state.facts if audit.asset.version == state.asset.version else None
    facts = known if isinstance(known, Facts) else facts
    return msgspec.json.encode(msgspec.json.decode(public(audit)) | picture(facts, audit.asset, cloud_name))


def picture(facts: Facts | None, asset: AssetRef, cloud_name: str) -> dict[str, Any]:
    """Return what the URL of a picture needs besides its name; what is not known is ""."""
    format_ = facts.format if facts else ""
    return {"format": format_, "version": asset.version, "delivery": {"cloud_name": cloud_name}}


def _labels(found: Categorization) -> dict[str, Any]:
    return {
        "status": found.status,
        "observed_at": iso(found.observed_at),
        "error": found.error,
        "labels": [{"label": label.name, "confidence": label.confidence} for label in found.labels],
        **({"model": found.model, "source": found.source} if found.model or found.source else {}),
    }
