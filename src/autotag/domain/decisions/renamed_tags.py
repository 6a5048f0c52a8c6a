"""Tags that are written under another name: an old tag whose labels give a new one."""

from collections.abc import Collection, Mapping


def renamed_tags(
    lost: Mapping[str, Collection[str]], gained: Mapping[str, Collection[str]]
) -> tuple[tuple[str, str], ...]:
    """Return pairs of a lost tag and the gained one that replaces it: both stand for one of the same labels.

    The mappings give the keys of the labels and names that each tag stands for. Several old tags may become one.
    """
    by_key = {key: tag for tag in sorted(gained, reverse=True) for key in gained[tag]}
    pairs = ((tag, next((by_key[key] for key in sorted(lost[tag]) if key in by_key), "")) for tag in sorted(lost))
    return tuple((old, new) for old, new in pairs if new)
