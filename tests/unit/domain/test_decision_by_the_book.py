"""The engine and a second, simple implementation of docs/rules.md come to the same decisions."""

from collections.abc import Iterable, Mapping

from hypothesis import given

from autotag.domain.decision import decide
from autotag.domain.labels import Label
from autotag.domain.rulebook import Rulebook, Subject
from autotag.domain.rules import Rules
from tests.unit.domain.by_the_book import Verdict, decide_by_the_book
from tests.unit.domain.rule_strategies import LABELS, RULES, SUBJECTS


@given(labels=LABELS, rules=RULES, subject=SUBJECTS)
def test_two_implementations_agree(labels: Mapping[str, Iterable[Label]], rules: Rules, subject: Subject) -> None:
    decision = decide(labels, subject, Rulebook(rules))

    assert decide_by_the_book(labels, subject, rules) == Verdict(
        tags=decision.tags,
        present=decision.present,
        review=decision.review,
        told=frozenset((told.label, told.provider, told.outcome, told.tag) for told in decision.labels),
        mode=decision.mode,
        skip=bool(decision.skip),
    )
