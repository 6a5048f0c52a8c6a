"""The errors that autotag raises on purpose. Handlers and commands map them to responses, exit codes and retries."""


class AutotagError(Exception):
    """Base of every error that autotag raises on purpose."""


class Rejected(AutotagError):
    """A request that is not authentic; never retried. ``rule`` is a stable word for logs and metrics only."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


class Invalid(AutotagError):
    """Invalid input. ``where`` names the place (a key path, a file), ``expected`` says what was expected there."""

    def __init__(self, where: str, expected: str) -> None:
        super().__init__(f"{where}: {expected}" if where else expected)
        self.where = where
        self.expected = expected


class Retryable(AutotagError):
    """A failure that may pass: try again, after ``delay`` seconds if the other side named a delay."""

    def __init__(self, message: str, delay: float | None = None) -> None:
        super().__init__(message)
        self.delay = delay


class UnknownShape(Retryable):
    """A stored item that another version of this service wrote: it is left as it is until that version is back."""


class NotUnderstood(Retryable):
    """A response about an asset that differs from what Cloudinary documents; that may pass, so it is retried."""


class CredentialsRefused(Retryable):
    """A 401 or 403 from Cloudinary: stop calling until an operator repairs the credentials. No work is dropped."""


class Unavailable(Retryable):
    """Cloudinary did not answer the last calls: none is made for a while."""


class BudgetExhausted(Retryable):
    """The Admin API's hourly limit is used up, or what is left of it is kept in reserve; or Rekognition's of a day."""


class NotDelivered(Retryable):
    """A picture that Cloudinary does not deliver yet, or not for now."""


class Unanswered(Retryable):
    """A call of Rekognition that may have been made, and paid for, though no answer came."""


class AccessRefused(Retryable):
    """Rekognition refuses this role or account, or is not in this region: an operator has to repair that."""


class UnreadableObject(AutotagError):
    """An original in a bucket that Rekognition cannot read: the delivered picture may do."""


class Permanent(AutotagError):
    """A final refusal by Cloudinary (a 400, too many tags): audited as failed, never retried."""


class Undeliverable(Permanent):
    """A picture that Cloudinary refuses to deliver until a setting is changed; Rekognition was not asked about it."""


class TooLarge(AutotagError):
    """Data that does not fit into an item of the table, now or later."""


class Missing(AutotagError):
    """An asset that does not exist, or no longer exists, in Cloudinary."""


class Forbidden(AutotagError):
    """A request that this caller may not make."""


class Conflict(AutotagError):
    """A lost race: another process wrote first. Read again, and decide whether to repeat."""
