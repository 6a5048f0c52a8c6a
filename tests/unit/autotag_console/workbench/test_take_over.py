"""A suggestion is taken over with one click: it is put into the text of the active rules, and not pushed."""

import re
from html import unescape

from autotag.domain.learning.evidence import Evidence
from autotag.domain.learning.suggestions import suggest
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules
from autotag.service.rules.publish import PushRules
from autotag_console.views.suggestions import groups_of
from tests.fakes.rules import RULES
from tests.unit.autotag_console.console_page import Page
from tests.unit.autotag_console.learning.test_suggest_page import asked_at_random, learn
from tests.unit.autotag_console.workbench.editor_page import text_in
from tests.unit.domain.learning.judged_assets import UNASKED
from tests.unit.domain.learning.test_suggestions import looked_at


def test_a_threshold_is_put_into_the_text() -> None:
    page = Page(0).start()
    asked_at_random(page, "Hot Dog", right_from=0.45)
    asked_at_random(page, "Cat", right_from=0.45, pictures=9)  # too few verdicts
    shown = learn(page)
    (address,) = re.findall(r'href="(/rules/edit\?[^"]+)"', shown)
    proposed = re.search(r'data-label="Hot Dog".*?data-proposed="([\d.]+)"', shown)
    text = text_in(page.get(unescape(address)))
    assert proposed is not None and parse_rules(text).labels["Hot Dog"].threshold == float(proposed[1])
    assert text.startswith(RULES) and 'data-label="Cat"' in shown
    assert page.ask.asked_of(PushRules) == []


def test_an_unwanted_label_is_denied() -> None:
    rules = parse_rules(UNASKED)
    evidence, ruleset = Evidence(), Ruleset(rules)
    for asset in looked_at(60, 0.6, name="Hot Dog"):
        evidence.add(asset, ruleset)
    groups = groups_of(suggest(evidence, ruleset), evidence.labels)
    paths = {each.label: each.take_over for group in groups for each in group.labels}
    assert paths["Hot Dog"] == "/rules/edit?label=Hot+Dog&deny=1"
    opened = Page(0).start().get(paths["Hot Dog"])
    assert parse_rules(text_in(opened)).defaults.deny == ("Hot Dog",)
