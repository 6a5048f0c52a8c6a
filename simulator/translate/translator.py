"""TranslateText: carried out and logged, with the faults that are due."""

import tomllib
from functools import cache
from importlib import resources

from msgspec import Struct
from msgspec.structs import asdict

from simulator.core.clock import Clock, iso_microseconds
from simulator.core.live_settings import LiveSettings
from simulator.core.rate import CallRate
from simulator.core.server_error import ServerError
from simulator.translate.errors import TranslateError
from simulator.translate.faults import TranslateFaults
from simulator.translate.requests import TranslateTextRequest, checked


class TranslateCall(Struct, frozen=True):
    """One call. ``characters`` are those that were paid for; ``error`` is empty where there was none."""

    at: str
    text: str
    source: str
    target: str
    characters: int
    error: str


class TranslateCalls:
    """The calls, in the order in which they were answered."""

    def __init__(self) -> None:
        self.records: list[TranslateCall] = []

    def find(self, criteria: dict[str, str]) -> list[TranslateCall]:
        """Return the calls whose fields equal all ``criteria``, as texts."""
        return [
            record
            for record in self.records
            if all(str(asdict(record).get(name)) == value for name, value in criteria.items())
        ]


class Translator:
    """The local Translate of the account: its calls, its faults and its rate."""

    def __init__(self, settings: LiveSettings, clock: Clock) -> None:
        self.calls = TranslateCalls()
        self.faults = TranslateFaults()
        self._clock = clock
        self._rate = CallRate(clock, lambda: settings.current.translate_rate)

    def clear(self) -> None:
        """Forget calls and faults, and begin the rate anew."""
        self.calls.records.clear()
        self.faults.clear()
        self._rate.clear()

    def translate(self, document: object) -> dict[str, str]:
        """Answer one request. Raises ``TranslateError``, or ``ServerError`` for a fault."""
        request = None
        try:
            request = checked(document)
            answer = self._translate(request)
        except (TranslateError, ServerError) as error:
            self._record(request, error.name if isinstance(error, TranslateError) else str(error.status))
            raise
        self._record(request)
        return answer

    def _translate(self, request: TranslateTextRequest) -> dict[str, str]:
        if not self._rate.take():
            raise TranslateError("TooManyRequestsException")
        fault = self.faults.apply(request.text)
        if fault is not None and fault.error is not None:
            raise TranslateError(fault.error, fault.message)
        if fault is not None and fault.status is not None:
            raise ServerError(fault.status)
        source, target = request.source_language_code, request.target_language_code
        return {
            "TranslatedText": word_of(request.text, source, target),
            "SourceLanguageCode": source,
            "TargetLanguageCode": target,
        }

    def _record(self, request: TranslateTextRequest | None, error: str = "") -> None:
        self.calls.records.append(
            TranslateCall(
                at=iso_microseconds(self._clock.now()),
                text=request.text if request else "",
                source=request.source_language_code if request else "",
                target=request.target_language_code if request else "",
                characters=len(request.text) if request and not error else 0,
                error=error,
            )
        )


def word_of(text: str, source: str, target: str) -> str:
    """Return the word for ``text`` in the language ``target``; one that is not known is marked with its code."""
    if source == target:
        return text
    known = _words().get(target, {}) if source == "en" else {}
    return known.get(text.lower(), f"{text} ({target})")


@cache
def _words() -> dict[str, dict[str, str]]:
    words = tomllib.loads(resources.files("simulator.translate").joinpath("words.toml").read_text("utf-8"))
    return {code: {text.lower(): word for text, word in table.items()} for code, table in words.items()}
