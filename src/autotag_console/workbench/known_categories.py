"""The labels of categories: those that files on this machine know, else those that were pushed before."""

from msgspec import Struct
from starlette.requests import Request

from autotag.domain.rules_text.categories import KnownCategories
from autotag.service.rules.publish import ShowRules
from autotag.service.rules.versions import ShowVersion
from autotag_console.ask import RulesAnswer, asked
from autotag_console.fields import read_fields
from autotag_console.kept import Kept

_WORD = "categories"


class _Stored(Struct, frozen=True):
    sets: dict[str, tuple[str, ...]] = {}


async def known_categories(
    request: Request, text: str, *, version: str = "", seconds: float = 0.0
) -> KnownCategories | None:
    """Return what rules with this ``text`` can name, None if they name no category.

    A deployed console has no list: it knows the categories of the active rules, as they were pushed, at most so many
    ``seconds`` old. Those of an earlier ``version`` that a text was begun from come back as they were.
    Raises what ``asked`` raises.
    """
    if _WORD not in text:
        return None
    fixed: dict[str, tuple[str, ...]] = {}
    if version:
        fixed = (await asked(request, read_fields({"version": version}, ShowVersion), _Stored)).sets
    kept: Kept = request.app.state.kept
    active = (await kept.asked(request, ShowRules(text=True), RulesAnswer, seconds)).active
    settings = request.app.state.settings
    return KnownCategories(settings.listed, settings.detected_categories, active.sets, fixed)
