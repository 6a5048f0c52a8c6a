"""What caused a decision: the beginning of its sentence in a timeline."""

from collections.abc import Sequence

from autotag.domain.model.audit import Audit


def cause_of(audit: Audit, earlier: Sequence[Audit] = ()) -> str:
    """Return what caused ``audit``, as the beginning of a sentence; ``earlier`` are older audits of the asset."""
    kind, run = audit.trigger.kind, audit.trigger.request_id
    match kind:
        case "webhook":
            if audit.trigger.notification_type == "upload" and _is_newer(audit, earlier):
                return "After an upload that replaced the picture"
            return _NOTIFIED.get(audit.trigger.notification_type, "After a notification from Cloudinary")
        case "poll":
            return "After a read of the picture in Cloudinary"
        case "moved":
            return _RENAMED if audit.trigger.notification_type == "rename" else "After a move to another folder"
        case "context":
            return "After a change of its contextual metadata"
        case "metadata":
            return "After a change of its structured metadata"
        case "retag" | "backfill":
            return f"In the {kind} run {run}" if run else f"In a {kind} run"
        case "revert":
            return f"In the revert {run}" if run else "In a revert"
        case "review":
            return "After an answer in the review queue"
        case "person":
            return "After a change by a person"


def _is_newer(audit: Audit, earlier: Sequence[Audit]) -> bool:
    return any(0 < old.asset.version < audit.asset.version for old in earlier[:1])


_RENAMED = "After a rename"
_NOTIFIED = {
    "upload": "After an upload",
    "info": "When the labels arrived",
    "delete": "After a deletion in Cloudinary",
    "resource_tags_changed": "After a change of tags in Cloudinary",
    "rename": _RENAMED,
}
"""By the type of the notification. Source: cloudinary.com/documentation/notifications, notification types."""
