"""Thresholds learned from verdicts: the known right ones are found again, and nothing is proposed on thin evidence."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag_cli.rules.suggest.evidence import LabelEvidence, Observation, Verdict, collect_evidence
from autotag_cli.rules.suggest.propose import Proposal, best_threshold, propose, share_of
from autotag_cli.rules.suggest.view import propose_all
from tests.unit.autotag_cli.made_up_history import Known, history, rules_of, scanned

BARS = st.integers(35, 95).map(lambda n: n / 100)


@st.composite
def known(draw: st.DrawFn) -> Known:
    """A label with a threshold that is some way off, and verdicts close together, few of which are mistaken."""
    right = draw(BARS)
    old = draw(BARS.filter(lambda bar: abs(bar - right) >= 0.05))
    return Known(right, old, draw(st.integers(300, 500)), draw(st.integers(0, 3)))


@given(labels=st.lists(known(), min_size=1, max_size=3), seed=st.integers(0, 2**32))
def test_known_right_thresholds_are_found_again(labels: list[Known], seed: int) -> None:
    by_name = {f"L{i}": each for i, each in enumerate(labels)}
    rules = rules_of(by_name)

    evidence = collect_evidence(map(scanned, history(by_name, seed)), Ruleset(rules))
    found = {each.label: each for each in propose_all(evidence, rules, 20).proposals}

    assert found.keys() == by_name.keys()
    for name, each in by_name.items():
        assert abs(found[name].new - each.right) <= 0.02
        assert found[name].errors_new <= each.noisy < found[name].errors_old


@given(right=BARS, old=BARS, judged=st.integers(1, 19), noisy=st.integers(0, 1), seed=st.integers(0, 2**32))
def test_nothing_is_proposed_where_evidence_is_thin(
    right: float, old: float, judged: int, noisy: int, seed: int
) -> None:
    labels = {"L": Known(right, old, judged, noisy)}
    rules = rules_of(labels)

    found = propose_all(collect_evidence(map(scanned, history(labels, seed)), Ruleset(rules)), rules, 20)

    assert (found.proposals, found.not_proposed["thin"]) == ((), 1)


@given(right=BARS, judged=st.integers(50, 300), noisy=st.integers(0, 3), seed=st.integers(0, 2**32))
def test_a_right_threshold_is_left_alone(right: float, judged: int, noisy: int, seed: int) -> None:
    labels = {"L": Known(right, right, judged, noisy)}
    rules = rules_of(labels)

    assert propose_all(collect_evidence(map(scanned, history(labels, seed)), Ruleset(rules)), rules, 20).proposals == ()


CONFIDENCES = st.integers(0, 100).map(lambda n: n / 100) | st.floats(0, 1)
RIGHT: tuple[float, Verdict] = (0.6, "right")
VERDICTS = st.lists(st.tuples(CONFIDENCES, st.sampled_from(("right", "left", "wrong"))), max_size=40)


def pieces(verdicts: list[tuple[float, Verdict]], old: float) -> Counter[Observation]:
    return Counter(Observation(confidence, verdict, confidence >= old) for confidence, verdict in verdicts)


def errors(found: Counter[Observation], threshold: float) -> int:
    return sum(
        n
        for observation, n in found.items()
        if (observation.confidence >= threshold) == (observation.verdict == "wrong")
    )


@given(verdicts=VERDICTS, old=CONFIDENCES, others=st.lists(CONFIDENCES))
def test_no_threshold_has_fewer_errors(verdicts: list[tuple[float, Verdict]], old: float, others: list[float]) -> None:
    found = pieces(verdicts, old)

    best = best_threshold(found, old)

    assert 0 <= best <= 1
    min_verdicts = errors(found, best)
    assert all(min_verdicts <= errors(found, other) for other in (*others, *(c for c, _ in verdicts), old))
    assert best == old or min_verdicts < errors(found, old)


@given(verdicts=VERDICTS, old=CONFIDENCES, min_verdicts=st.integers(1, 30))
def test_a_proposal_keeps_its_promises(verdicts: list[tuple[float, Verdict]], old: float, min_verdicts: int) -> None:
    found = pieces(verdicts, old)

    printed = propose(LabelEvidence("L", found), old, min_verdicts)

    if isinstance(printed, Proposal):
        assert printed.right + printed.wrong == found.total() >= min_verdicts and min(printed.right, printed.wrong) >= 5
        assert abs(printed.new - printed.old) >= 0.00999
        assert (printed.errors_old, printed.errors_new) == (errors(found, old), errors(found, printed.new))
        assert printed.errors_new < printed.errors_old and printed.moved.low > 0.5
        assert 2 * printed.moved.part - printed.moved.whole == printed.errors_old - printed.errors_new


@pytest.mark.parametrize(
    ("right", "wrong", "old", "expected"),
    [
        ([0.8, 0.9], [0.6], 0.5, 0.7),  # the middle of the gap
        ([0.8, 0.9], [0.6], 0.75, 0.75),  # the old one is as good
        ([0.8121, 0.9], [0.8035], 0.5, 0.81),  # with as few decimals as lie between
        ([0.80003, 0.9], [0.80001], 0.5, 0.80002),
        ([5e-324], [0.0], 0.0, 5e-324),  # there is no number between
        ([0.6], [0.8, 0.9], 0.7, 0.9001),  # beyond what was judged no further than need be
        ([0.6, 0.7], [0.3], 0.8, 0.45),
        ([0.6, 0.7], [], 0.8, 0.6),
        ([0.5], [0.4, 0.6], 0.55, 0.6001),  # 0.45 is as good, but further away
    ],
)
def test_where_the_threshold_is_put(right: list[float], wrong: list[float], old: float, expected: float) -> None:
    verdicts: list[tuple[float, Verdict]] = [(c, "right") for c in right]
    verdicts += [(c, "wrong") for c in wrong]

    assert best_threshold(pieces(verdicts, old), old) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"), [(81, 263, 0.2553, 0.3662), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0)]
)
def test_intervals_are_wilsons(part: int, whole: int, low: float, high: float) -> None:
    found = share_of(part, whole)
    assert [found.low, found.high] == pytest.approx([low, high], abs=5e-5)


@pytest.mark.parametrize(("above", "printed"), [(3, "unsure"), (4, "proposed")])
def test_a_few_verdicts_that_change_sides_might_be_an_accident(above: int, printed: str) -> None:
    verdicts: list[tuple[float, Verdict]] = [(0.9, "right"), (0.2, "wrong")] * 20
    found = propose(LabelEvidence("L", pieces([*verdicts, *[RIGHT] * above], 0.7)), 0.7)
    assert ("proposed" if isinstance(found, Proposal) else found) == printed
