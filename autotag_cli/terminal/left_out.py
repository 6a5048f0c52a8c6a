"""Links and special files that a walk left out."""

from autotag_cli.terminal.output import note

_NAMED = 5
"""Links and the like that are named one by one; of the others it is only said how many they are."""


def tell_left_out(sentences: tuple[str, ...]) -> None:
    """Say on stderr what was left out."""
    for sentence in sentences[:_NAMED]:
        note(sentence)
    if len(sentences) > _NAMED:
        note(f"… and {len(sentences) - _NAMED:,} more links and special files.")
