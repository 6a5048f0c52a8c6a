"""What the forms and scripts of the editor send, and the rules that are active meanwhile."""

from typing import Annotated

from anyio import to_thread
from msgspec import Meta, Struct
from starlette.requests import Request

from autotag.domain.rules_text.check import CheckedRules, check_text
from autotag.service.rules.publish import ShowRules
from autotag_console.ask import ActiveRules, RulesAnswer, asked
from autotag_console.fields import read_fields
from autotag_console.workbench.known_categories import known_categories
from autotag_console.workbench.known_labels import rekognition_labels


class Draft(Struct, frozen=True):
    """The text in the editor; ``seq`` is the number of the active rules that it was begun from (0: deployed ones).

    ``version`` is the earlier version that it was begun from, "" if it was none.
    """

    text: Annotated[str, Meta(max_length=1_000_000)]
    seq: Annotated[int, Meta(ge=0)] = 0
    version: Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?$")] = ""


def read_draft(request: Request) -> Draft:
    """Return the text that a form sent, with the line ends of a file. Raises ``Invalid``."""
    fields = {key: value for key, value in request.state.form.items() if key != "csrf"}
    fields["text"] = fields.get("text", "").replace("\r\n", "\n")
    return read_fields(fields, Draft, "form", strict=False)


async def checked(request: Request, text: str, *, version: str = "", seconds: float = 0.0) -> CheckedRules:
    """Return what is wrong with ``text``, as ``autotag rules check`` does; in a thread, since that may take long.

    ``version`` and ``seconds`` as for ``known_categories``. Raises what ``asked`` raises, if the text names categories.
    """
    categories = await known_categories(request, text, version=version, seconds=seconds)
    return await to_thread.run_sync(lambda: check_text(text, rekognition_labels(request), categories))


async def active_now(request: Request) -> ActiveRules:
    """Return the active rules with their text, asked at this moment. Raises what ``asked`` raises."""
    return (await asked(request, ShowRules(text=True), RulesAnswer)).active
