"""Words from Amazon Translate, one call for each. Its client is made when the first word is asked for.

Source: botocore's service model ``translate/2017-07-01``, operation TranslateText: members, limits and errors.
"""

from collections.abc import Callable
from typing import Any

from autotag_cli.errors import AccessDenied, Failure

_CODES = {"pt-br": "pt", "zh-hans": "zh", "zh-cn": "zh", "zh-hant": "zh-TW", "nb": "no"}
"""What Amazon Translate calls languages that it has under another code.

Source: docs.aws.amazon.com/translate/latest/dg/what-is-languages.html
"""


def amazon_code(code: str) -> str:
    """Return what Amazon Translate calls a language: lower case, with a country such as CA or a script such as Hans."""
    language, *more = code.lower().split("-")
    parts = (part.upper() if len(part) == 2 else part.title() if len(part) == 4 else part for part in more)
    return _CODES.get(code.lower(), "-".join((language, *parts)))


class RefusedText(Failure):
    """Amazon Translate refuses one text, which says nothing of others."""


class AmazonTranslate:
    """Amazon Translate for one pair of languages, with a client that ``open_client`` returns."""

    def __init__(self, source: str, target: str, open_client: Callable[[], Any]) -> None:
        self._source, self._target = map(amazon_code, (source, target))
        self._open_client = open_client
        self._client: Any = None

    def word(self, tag: str) -> str:
        """Return the word for ``tag``. Raises ``RefusedText``; ``Failure`` with a sentence that says what to do."""
        from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

        try:
            self._client = self._client or self._open_client()
            answer = self._client.translate_text(
                Text=tag, SourceLanguageCode=self._source, TargetLanguageCode=self._target
            )
        except ClientError as error:
            raise self._refused(error.response.get("Error", {})) from error
        except ParamValidationError as error:
            raise RefusedText("its form is refused") from error
        except BotoCoreError as error:
            raise Failure(f"Amazon Translate cannot be called: {error}") from error
        word = answer.get("TranslatedText")
        if not isinstance(word, str):
            raise Failure("Amazon Translate's answer holds no word, or was cut: run the command again later")
        return " ".join(word.split())

    def _refused(self, error: Any) -> Failure:
        code, message = error.get("Code", "Unknown"), error.get("Message", "")
        match code:
            case "AccessDeniedException":
                return AccessDenied(
                    "AWS does not allow translate:TranslateText with these credentials: add it to the policy of the "
                    "person or role (docs/rules.md, Words from Amazon Translate)"
                )
            case "TextSizeLimitExceededException":
                return RefusedText("it is too long")
            case "UnsupportedLanguagePairException":
                return Failure(
                    f"Amazon Translate does not translate from {self._source} to {self._target}: expected codes of "
                    "docs.aws.amazon.com/translate/latest/dg/what-is-languages.html"
                )
            case "TooManyRequestsException" | "ThrottlingException":
                return Failure(
                    "Amazon Translate was asked too often: run the command again later, it goes on where it ended"
                )
            case "InternalServerException" | "ServiceUnavailableException":
                return Failure("Amazon Translate is out of order: run the command again later")
        return Failure(f"Amazon Translate refused ({code}): {message}")
