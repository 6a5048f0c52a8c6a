"""Names of labels that are known: they are offered where the rules may name one, and others have a warning."""

from collections.abc import Callable, Iterable, Iterator

from starlette.requests import Request

from autotag.domain.errors import AutotagError
from autotag.domain.model.labels import label_key
from autotag.domain.rules.checks.known_labels import KnownLabels
from autotag.domain.rules.parse import parse_rules
from autotag.domain.rules.schema import Rules
from autotag.service.rules.publish import ShowRules
from autotag_console.ask import RulesAnswer
from autotag_console.kept import Kept
from autotag_console.learning.background import Background
from autotag_console.learning.learned import Learned

_KEPT_SECONDS = 300.0


def rekognition_labels(request: Request) -> KnownLabels:
    """Return the labels that rules are checked against: those of files, and of the library as far as it is read."""
    state = request.app.state
    of_library = _of_library(request)
    kept: tuple[Iterable[str], KnownLabels] | None = getattr(state, "rekognition_labels", None)
    if kept is None or kept[0] is not of_library:  # what was found to be meant by a name stays for the next check
        kept = of_library, KnownLabels((*state.settings.seen, *of_library), state.settings.listed)
        state.rekognition_labels = kept
    return kept[1]


def _of_library(request: Request) -> Iterable[str]:
    names: Callable[[], Iterable[str]] | None = getattr(request.app.state, "label_names", None)
    return names() if names else ()


async def known_labels(request: Request) -> list[str]:
    """Return the labels of the active rules, those that people judged, and those of the library, in their order."""
    learned: Background[float, Learned] | None = getattr(request.app.state, "learned", None)
    names = [
        *await _of_active_rules(request),
        *(each.label for each in (learned.last.value.suggestions.labels if learned and learned.last else ())),
        *_of_library(request),
    ]
    spelled = {label_key(name): name for name in reversed(names)}
    return [spelled[key] for key in sorted(spelled)]


async def _of_active_rules(request: Request) -> list[str]:
    kept: Kept = request.app.state.kept
    try:
        active = (await kept.asked(request, ShowRules(text=True), RulesAnswer, _KEPT_SECONDS)).active
        return list(labels_in(parse_rules(active.text or "")))
    except AutotagError:
        return []  # without them, other names are offered all the same


def labels_in(rules: Rules) -> Iterator[str]:
    """Yield the labels that rules name, some of them several times."""
    yield from (*rules.labels, *rules.defaults.deny, *rules.defaults.allow)
    for block in rules.when:
        conditions = (block.labels_any, block.labels_all, block.labels_none)
        yield from (*block.labels, *(name for names in conditions for name in names or ()))
