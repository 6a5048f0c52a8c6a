"""The keys of a rules file, and what validation says of a text."""

from autotag.domain.rules.parse import examine

KEYS_OF_DEFAULTS = (
    "threshold, review, max_tags, case, prefix, mode, providers, agree, ancestors, deny, allow, auto_tagged, on_move"
)
KEYS_OF_LABELS = "threshold, tag, parents, priority"
KEYS_OF_WHEN = (
    "name, folder, folder_not, resource_type, format, tags_any, tags_none, context, metadata, labels_any, "
    "labels_all, labels_none, set, labels, add, skip"
)


def sentences(text: str) -> list[str]:
    """Return the sentences of the faults in a rules file."""
    return [fault.sentence for fault in examine(text).errors]
