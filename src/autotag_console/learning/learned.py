"""What the console knows of the whole library: every asset is read once, page by page, and what is counted is kept.

The page of what people taught and that of statistics show parts of the same reading.
"""

from collections.abc import Callable, Mapping
from time import time

from msgspec import Struct

from autotag.domain.errors import Invalid
from autotag.domain.learning.evidence import Evidence
from autotag.domain.learning.label_evidence import LabelEvidence
from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.learning.suggestions import Suggestions, suggest
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules
from autotag.domain.statistics.counts import Counts
from autotag.domain.statistics.distributions import Distributions
from autotag.service.operations.scan import Scan
from autotag.service.rules.publish import ShowRules
from autotag_console.ask import Ask, RulesAnswer, read_answer
from autotag_console.learning.background import Report

SEGMENTS = 8
"""Parts of the library of about the same size, read one after another: so it is known how much is left."""

_PAGE = 1000
"""Assets of a page at most; a page ends before it is too large for an answer."""


class ScannedPage(Struct, frozen=True):
    """A page of the scan, and the cursor of the next one, None for the last."""

    assets: tuple[ScannedAsset, ...]
    cursor: str | None


class Learned(Struct, frozen=True):
    """What came of each label under the rules with that ``name`` and ``version``, and the evidence by label.

    ``counts`` and ``spread`` are the statistics of the same assets.
    """

    name: str
    version: str
    suggestions: Suggestions
    evidence: Mapping[str, LabelEvidence]
    counts: Counts
    spread: Distributions


def learn_from(ask: Ask, now: Callable[[], float] = time) -> Callable[[float, Report], Learned]:
    """Return the work that learns from all assets of the stack that ``ask`` answers for; ``now`` returns unix seconds.

    It gets how many missing tags are as bad as a wrong one, and a function that takes how many assets are read, whether
    these are all, and about how many there are. Raises what ``Ask`` raises, ``UnknownForm``, and ``Invalid`` if the
    active rules cannot be read.
    """

    def learn(wrong_costs: float, report: Report) -> Learned:
        active = read_answer(ask(ShowRules(text=True)), RulesAnswer).active
        if active.text is None:
            raise Invalid("the active rules", active.fault or "they cannot be read")
        rules = parse_rules(active.text, "the active rules")
        ruleset, evidence = Ruleset(rules, active.sets), Evidence()
        counts, spread = Counts(round(now() * 1000)), Distributions()
        for segment in range(SEGMENTS):
            cursor: str | None = ""
            while cursor is not None:
                scan = Scan(segment=segment, segments=SEGMENTS, cursor=cursor, limit=_PAGE)
                page = read_answer(ask(scan), ScannedPage)
                for scanned in page.assets:
                    evidence.add(scanned, ruleset)
                    counts.add(scanned, ruleset)
                    spread.add(scanned)
                cursor = page.cursor
                through = segment + (cursor is None)
                about = evidence.assets * SEGMENTS // through if through else 0
                report(evidence.assets, through == SEGMENTS, max(about, evidence.assets) if through else 0)
        found = suggest(evidence, ruleset, wrong_costs=wrong_costs)
        shown = {each.key: evidence.labels[each.key] for each in found.labels}
        return Learned(rules.name, ruleset.version, found, shown, counts, spread)

    return learn
