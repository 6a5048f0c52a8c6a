"""The report on links and special files that a walk left out."""

from autotag_cli.terminal.output import note

_NAMED = 5
"""As many are named one by one; the others are only counted."""


def report_left_out(sentences: tuple[str, ...]) -> None:
    """Report on stderr what was left out."""
    for sentence in sentences[:_NAMED]:
        note(sentence)
    if len(sentences) > _NAMED:
        note(f"… and {len(sentences) - _NAMED:,} more links and special files.")
