"""The error of commands that fail; ``autotag_cli.main`` maps errors to exit codes."""

from autotag.domain.errors import AutotagError, Invalid


class Failure(AutotagError):
    """The command failed. The message is one sentence for a person; the exit code is 1."""


class AccessDenied(Failure):
    """The caller may not make this request."""


class ChangedMeanwhile(Failure):
    """Another process changed the same thing first, so nothing was changed."""


class FaultyRules(Invalid):
    """A rules file with faults; ``lines`` are the faults as ``autotag rules check`` shows them."""

    def __init__(self, file: str, lines: list[str]) -> None:
        number = "a fault" if len(lines) == 1 else f"{len(lines)} faults"
        super().__init__(file, f"found {number}, expected rules without any")
        self.lines = lines
