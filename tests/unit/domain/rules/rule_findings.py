"""What the checks say of a rules file that passes the schema."""

from autotag.domain.rules.parse import examine


def found(text: str) -> list[str]:
    """Return the sentences of faults, and of warnings, in a rules file."""
    examined = examine(text)
    return [fault.sentence for fault in examined.errors] + [f"warning: {w.sentence}" for w in examined.warnings]
