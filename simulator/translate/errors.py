"""The errors of TranslateText, as Amazon Translate answers them.

Source of the names and of the status: botocore's service model ``translate/2017-07-01``, operation TranslateText. The
sentences are those of the model's documentation, or of AWS's common errors.
"""

from typing import Literal, get_args

ErrorName = Literal[
    "AccessDeniedException",
    "InternalServerException",
    "InvalidRequestException",
    "ResourceNotFoundException",
    "ServiceUnavailableException",
    "TextSizeLimitExceededException",
    "TooManyRequestsException",
    "UnsupportedLanguagePairException",
]

ERRORS: tuple[str, ...] = get_args(ErrorName)
_STATUS = {
    "InternalServerException": 500,
    "ResourceNotFoundException": 404,
    "ServiceUnavailableException": 503,
    "TooManyRequestsException": 429,
}
_SENTENCES = {
    "AccessDeniedException": "User is not authorized to perform: translate:TranslateText",
    "InternalServerException": "An internal server error occurred. Retry your request.",
    "ServiceUnavailableException": "The Amazon Translate service is temporarily unavailable.",
    "TooManyRequestsException": "You have made too many requests within a short period of time.",
}


class TranslateError(Exception):
    """An error that is answered with its type in ``__type``; ``more`` are further fields of its body."""

    def __init__(self, name: str, message: str = "", **more: str) -> None:
        super().__init__(message or _SENTENCES.get(name, name))
        self.name = name
        self.status = _STATUS.get(name, 400)
        self.more = more
