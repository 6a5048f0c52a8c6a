"""Versions of rules as people name them: by the number of a push, or by the first digits."""

from autotag.domain.errors import Invalid
from autotag_cli.stack.ops_client import OpsClient

SHORT = 12
"""Digits of a version in lists; so many name one."""
_NUMBER_DIGITS = 9
_PAGE = 100


def full_version(ops: OpsClient, named: str) -> str:
    """Return the version that a number or digits name. Raises ``Invalid`` if they name none."""
    is_number = named.isdecimal() and len(named) <= _NUMBER_DIGITS
    if not is_number and (len(named) < SHORT or not set(named) <= set("0123456789abcdef")):
        raise Invalid("VERSION", f"expected a seq or {SHORT} to 64 hexadecimal digits of a version, not {named!r}")
    if len(named) == 64:
        return named
    before = int(named) + 1 if is_number else 0
    while page := ops.rules_pushes(1 if is_number else _PAGE, before=before):
        for push in page:
            if (push["seq"] == int(named)) if is_number else push["version"].startswith(named):
                return str(push["version"])
        if is_number:
            break
        before = page[-1]["seq"]
    raise Invalid("VERSION", f"no push of {named} is recorded: autotag rules versions lists them")
