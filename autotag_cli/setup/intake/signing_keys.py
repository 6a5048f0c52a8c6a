"""The keys that may sign notifications, as they are given: in a file, on stdin, at a prompt or in the environment."""

import sys
from collections.abc import Iterator, Mapping

import typer

from autotag_cli.input.files import display_name, read_bytes
from autotag_cli.setup.secret_document import signing_keys

SIGNING = "AUTOTAG_NOTIFICATION_SECRETS"


def read_signing_keys(variables: Mapping[str, str], path: str | None) -> Mapping[str, str]:
    """Return secrets by key id, from ``path`` (``-``: stdin, or a prompt), or else from the environment.

    Raises ``Invalid``, which names an entry by number.
    """
    if path == "-" and sys.stdin.isatty():
        return signing_keys(_prompted_keys(), "the prompt")
    if path is not None:
        lines = read_bytes(path).decode("utf-8", errors="replace").splitlines()
        return signing_keys([line for line in lines if line.strip()], display_name(path))
    return signing_keys([each for each in variables.get(SIGNING, "").split(",") if each.strip()], SIGNING)


def _prompted_keys() -> Iterator[str]:
    """Yield entries from a prompt that does not show them, until an empty one."""
    while entry := typer.prompt(
        "ID:SECRET of a signing key, empty to end", default="", hide_input=True, err=True
    ).strip():
        yield entry
