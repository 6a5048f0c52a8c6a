"""Learning from people in the console: every asset is read page by page, and what came of each label is kept."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from autotag.domain.errors import Invalid
from autotag.domain.learning.evidence import Evidence
from autotag.domain.learning.label_evidence import LabelEvidence
from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.learning.suggestions import Suggestions, suggest
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules
from autotag.service.operations.scan import Scan
from autotag.service.rules.publish import ShowRules
from autotag_console.ask import Ask, read_answer
from autotag_console.learning.background import Report

_PAGE = 1000
"""Assets of a page at most; a page ends before it is too large for an answer."""


class ScannedPage(Struct, frozen=True):
    """A page of the scan, and the cursor of the next one, None for the last."""

    assets: tuple[ScannedAsset, ...]
    cursor: str | None


class Learned(Struct, frozen=True):
    """What came of each label under the rules with that ``name`` and ``version``, and the evidence by label."""

    name: str
    version: str
    suggestions: Suggestions
    evidence: Mapping[str, LabelEvidence]


class _Active(Struct, frozen=True):
    name: str | None = None
    fault: str | None = None
    text: str | None = None


class _Rules(Struct, frozen=True):
    active: _Active


def learn_from(ask: Ask) -> Callable[[float, Report], Learned]:
    """Return the work that learns from all assets of the stack that ``ask`` answers for.

    It gets how many missing tags are as bad as a wrong one, and a function that takes how many assets are read, and
    whether these are all. Raises what ``Ask`` raises, ``UnknownForm``, and ``Invalid`` if the active rules cannot be
    read.
    """

    def learn(wrong_costs: float, report: Report) -> Learned:
        active = read_answer(ask(ShowRules(text=True)), _Rules).active
        if active.text is None:
            raise Invalid("the active rules", active.fault or "they cannot be read")
        rules = parse_rules(active.text, "the active rules")
        ruleset, evidence = Ruleset(rules), Evidence()
        cursor: str | None = ""
        while cursor is not None:
            page = read_answer(ask(Scan(cursor=cursor, limit=_PAGE)), ScannedPage)
            for scanned in page.assets:
                evidence.add(scanned, ruleset)
            cursor = page.cursor
            report(evidence.assets, cursor is None)
        found = suggest(evidence, rules, wrong_costs=wrong_costs)
        shown = {each.key: evidence.labels[each.key] for each in found.labels}
        return Learned(rules.name, ruleset.version, found, shown)

    return learn
