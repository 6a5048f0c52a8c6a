"""Names of labels that are known: they are offered where the rules may name one."""

from collections.abc import Callable, Iterable, Iterator

from starlette.requests import Request

from autotag.domain.errors import AutotagError
from autotag.domain.model.labels import label_key
from autotag.domain.rules.parse import parse_rules
from autotag.domain.rules.schema import Rules
from autotag.service.rules.publish import ShowRules
from autotag_console.ask import RulesAnswer
from autotag_console.kept import Kept
from autotag_console.learning.background import Background
from autotag_console.learning.learned import Learned

_KEPT_SECONDS = 300.0


async def known_labels(request: Request) -> list[str]:
    """Return the labels of the active rules, those that people judged, and those of the library, in their order."""
    learned: Background[float, Learned] | None = getattr(request.app.state, "learned", None)
    of_library: Callable[[], Iterable[str]] | None = getattr(request.app.state, "label_names", None)
    names = [
        *await _of_active_rules(request),
        *(each.label for each in (learned.last.value.suggestions.labels if learned and learned.last else ())),
        *(of_library() if of_library else ()),
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
