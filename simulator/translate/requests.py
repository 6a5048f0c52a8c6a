"""Requests of TranslateText, read and checked.

Source: botocore's service model ``translate/2017-07-01``, shape TranslateTextRequest: the members, and their limits;
docs.aws.amazon.com/translate/latest/dg/what-is-languages.html: the codes of languages.
"""

import tomllib
from importlib import resources
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from simulator.translate.errors import TranslateError

MAX_BYTES = 10_000
_LISTED = resources.files("simulator.translate").joinpath("languages.toml").read_text("utf-8")
LANGUAGES = frozenset(tomllib.loads(_LISTED)["codes"])
_Code = Annotated[str, Meta(min_length=2, max_length=5)]


class TranslateTextRequest(Struct, frozen=True, rename="pascal"):
    """What is asked: a text, and the codes of two languages."""

    text: Annotated[str, Meta(min_length=1)]
    source_language_code: _Code
    target_language_code: _Code
    terminology_names: list[str] = []
    settings: dict[str, Any] = {}


def checked(document: object) -> TranslateTextRequest:
    """Return the request in a document. Raises ``TranslateError``, also for what the local Translate does not have."""
    try:
        request = msgspec.convert(document, TranslateTextRequest)
    except msgspec.ValidationError as error:
        raise TranslateError("InvalidRequestException", f"The request that you made is not valid: {error}") from error
    if len(request.text.encode()) > MAX_BYTES:
        raise TranslateError("TextSizeLimitExceededException", f"Input text size exceeds limit. Max: {MAX_BYTES} bytes")
    if request.terminology_names:
        raise TranslateError("ResourceNotFoundException", f"no terminology {request.terminology_names[0]}")
    if request.settings or request.source_language_code == "auto":
        raise TranslateError(
            "InvalidRequestException", "the local Translate has neither Settings nor the source language auto"
        )
    source, target = request.source_language_code, request.target_language_code
    if not {source, target} <= LANGUAGES:
        raise TranslateError(
            "UnsupportedLanguagePairException",
            f"Unsupported language pair: {source} to {target}.",
            SourceLanguageCode=source,
            TargetLanguageCode=target,
        )
    return request
