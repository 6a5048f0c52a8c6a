"""The settings of a console."""

from pathlib import Path

from msgspec import Struct

from autotag.domain.model.label_list import LabelList
from autotag_console.pictures import Delivery


class LibraryFile(Struct, frozen=True):
    """An export in columns of the console's stack; ``at`` is when it was made (ISO 8601)."""

    path: Path
    at: str


class ConsoleSettings(Struct, frozen=True):
    """What a console is started with.

    ``stack`` is the stack's name. ``token`` opens the first session, once. ``hosts`` are the values of a Host header
    that are answered, such as ``127.0.0.1:8421``. ``caller`` is the name under which answers are recorded, only for
    display. ``patience``: after so many seconds a page that counts comes without the numbers, which it loads later, and
    one that searches with what it has found by then.
    ``library`` is an export of the stack, if there is one: what is asked of all assets at once is asked of it.
    ``seen`` are labels of Rekognition that a file of ``autotag labels`` names, ``listed`` is a list that was imported:
    rules on other labels have a warning. ``detected_categories`` are those that Rekognition itself gave labels, in that
    file. ``log``: where a fault of the console is described. ``signs_out``: whether a person can sign out.
    """

    stack: str
    delivery: Delivery
    token: str
    hosts: frozenset[str]
    cookie_name: str
    caller: str
    patience: float = 0.4
    library: LibraryFile | None = None
    seen: tuple[str, ...] = ()
    listed: LabelList | None = None
    detected_categories: dict[str, tuple[str, ...]] = {}
    log: str = "The terminal in which it runs"
    signs_out: bool = False

    def __repr__(self) -> str:
        """Describe the settings without the token, since they end up in logs."""
        return f"ConsoleSettings({self.stack!r}, hosts={sorted(self.hosts)})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        """Describe the settings to ``rich`` without the token: msgspec's own method would show each field."""
        return [("stack", self.stack)]
