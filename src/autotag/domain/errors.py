"""The one family of errors; boundaries map them to answers, exit codes and retries."""


class AutotagError(Exception):
    """Base of every error that autotag raises on purpose."""


class Rejected(AutotagError):
    """Not authentic: never retried. ``rule`` is a stable word for logs and metrics, never for the sender."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


class Invalid(AutotagError):
    """Bad input. ``where`` names the place (a key path, a file), ``expected`` what should have stood there."""

    def __init__(self, where: str, expected: str) -> None:
        super().__init__(f"{where}: {expected}" if where else expected)
        self.where = where
        self.expected = expected


class Retryable(AutotagError):
    """Something that may pass: try again, after ``delay`` seconds where the other side named one."""

    def __init__(self, message: str, delay: float | None = None) -> None:
        super().__init__(message)
        self.delay = delay


class NotUnderstood(Retryable):
    """What Cloudinary says about an asset is not what it documents; that may pass, too."""


class CredentialsRefused(Retryable):
    """Cloudinary answered 401 or 403: stop calling until somebody mends the credentials; nothing is given up."""


class BudgetExhausted(Retryable):
    """The Admin API's hourly allowance is used up, or what is left is kept in reserve."""


class Permanent(AutotagError):
    """Cloudinary refused for good (a 400, too many tags): audited as failed, never retried."""


class TooLarge(AutotagError):
    """What is to be stored does not fit into an item of the table, now or later."""


class Missing(AutotagError):
    """The asset does not exist (any more) in Cloudinary."""


class Conflict(AutotagError):
    """Somebody else was quicker: look again, and decide whether to repeat."""
