"""Texts that every reader and writer knows, by their places. Stored bytes name them by place: only append."""

WORDS = (
    "asset", "asset_id", "public_id", "resource_type", "type", "version", "status", "rev", "facts", "folder",
    "format", "context", "tags", "observed_at", "categorizations", "labels", "error", "ours", "givers", "people",
    "want", "at", "tag", "brought", "cleared", "by_hand", "settled", "answer", "unsaid", "after", "writes", "op",
    "opposite_at", "first_at", "intent", "id", "owner", "due_at", "attempts", "add", "remove", "audit_id", "audit",
    "outcome", "decided", "review", "asked_at", "before", "outbox", "answers", "by", "source", "notification_type",
    "digest", "request_id", "accept", "reject", "clear", "undo", "kind", "follow_up_at", "dirty", "rules_version",
    "rules_seq", "engine", "poll", "deadline_at", "hint", "overdue", "ask", "final_at", "named_at", "deleted_at",
    "restored_at", "claims", "assigned", "alone", "tags_since", "listed", "notified_at", "seen", "moved_at",
    "context_at", "trigger", "rules", "name", "mode", "added", "removed", "label", "provider", "confidence",
    "threshold", "because", "reason", "inputs", "theirs", "suppressed", "missing", "unheard", "undid", "applying",
    "failed", "gone", "pending", "skipped", "tagged", "timed_out", "unchanged", "complete", "backfill", "moved",
    "person", "retag", "revert", "webhook", "either", "apply", "dry_run", "below_threshold", "denied", "given",
    "invalid", "kept", "merged", "not_allowed", "over_max", "parent", "present", "aws_rek_tagging", "google_tagging",
    "imagga_tagging", "image", "upload", "video", "jpg", "png", "webp", "authenticated", "private", "info",
    "resource", "resource_tags_changed", "default", "", "defaults.threshold", "defaults.review", "defaults.deny",
    "defaults.allow", "defaults.max_tags", "defaults.prefix", "it was on the asset already",
    "a person removed it from this asset", "labels.", ".threshold", ".review", ".tag", ".add", ".deny", "when[1]",
    "when[1].add",
)  # fmt: skip
