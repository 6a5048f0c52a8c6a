"""What a command can end with besides success; ``autotag_cli.main`` maps errors to exit codes."""

from autotag.domain.errors import AutotagError


class Failure(AutotagError):
    """It did not work. The message is one sentence for a person; the exit code is 1."""
