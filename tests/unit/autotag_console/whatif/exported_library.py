"""A console with an export of a small library, and what a script asks of it."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.labels import Label, label_key
from autotag.domain.rules.compiled.ruleset import Subject
from autotag.domain.state.asset_state import TagPreference
from autotag.service.rules.publish import ShowRules
from autotag_console.app import create_app
from autotag_console.settings import LibraryFile
from autotag_console.whatif.effects import SAMPLE
from autotag_console.whatif.opened import Opened
from autotag_console.whatif.pages import whatif_pages
from tests.unit.autotag_cli.rules.diff.test_rules_diff_meaning import scanned
from tests.unit.autotag_console.console_page import ORIGIN, SETTINGS, Page
from tests.unit.autotag_library.libraries import AT, columns_of

ACTIVE = 'name = "team"\n\n[defaults]\nthreshold = 0.7 # as agreed\nreview = 0.5\n'


def asset(number: int, **labels: float) -> ScannedAsset:
    """Return an asset with these labels of Rekognition."""
    found = [Label(name.replace("_", " "), confidence) for name, confidence in labels.items()]
    plain = scanned({"aws_rek_tagging": found}, Subject(), frozenset())
    return replace(plain, asset=replace(plain.asset, asset_id=f"a{number}", public_id=f"stage/p{number:03}"))


def judged(of: ScannedAsset, tag: str, *, added: bool) -> ScannedAsset:
    """Return the asset with what a person wanted of a tag that a label of the same name gives."""
    wish = TagPreference("add" if added else "remove", 1, tag, (label_key(tag),))
    return replace(of, preferences=(*of.preferences, wish))


class Workbench(Page):
    """A browser at a console with an export."""

    def __init__(self, file: Path, active: str = ACTIVE, sample: int = SAMPLE) -> None:
        super().__init__()
        self.file = LibraryFile(file, AT)
        self.opened = Opened(self.file, sample)
        self.app = create_app(self.ask, replace(SETTINGS, library=self.file), whatif_pages(self.opened))
        self.browser.app = self.browser._transport.app = self.app  # type: ignore[attr-defined]
        rules = {"version": "a" * 64, "seq": 3, "name": "team", "fault": None, "text": active}
        self.ask.answers[ShowRules] = json.dumps({"active": rules}).encode()
        self.start()

    def read(self) -> "Workbench":
        """Wait until the export is read."""
        self.asks(text=ACTIVE)
        self.opened.wait()
        return self

    def answer(self, **question: Any) -> Any:
        """Return the answer to what a script asks."""
        headers = {"origin": ORIGIN, "sec-fetch-site": "same-origin", "x-csrf": self.csrf()}
        return self.browser.post("/api/whatif", json=question, headers=headers)

    def asks(self, **question: Any) -> Any:
        """Return what the answer says."""
        answer = self.answer(**question)
        assert answer.status_code == 200, answer.text
        return answer.json()


@contextmanager
def workbench(assets: Iterable[ScannedAsset], active: str = ACTIVE, sample: int = SAMPLE) -> Iterator[Workbench]:
    """Yield a browser at a console with an export of these assets, which is read."""
    with columns_of(assets) as file:
        yield Workbench(file, active, sample).read()
