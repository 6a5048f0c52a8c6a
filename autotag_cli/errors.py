"""The error of commands that fail; ``autotag_cli.main`` maps errors to exit codes."""

from autotag.domain.errors import AutotagError


class Failure(AutotagError):
    """The command failed. The message is one sentence for a person; the exit code is 1."""


class AccessDenied(Failure):
    """The caller may not make this request."""
