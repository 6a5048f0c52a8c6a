"""What holds of every decision, whatever the labels, the rules and the asset."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec
from hypothesis import assume, example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from autotag.domain.decisions.decide import Decision, decide
from autotag.domain.decisions.label_selection import select_for
from autotag.domain.model.labels import Label, label_key
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject
from autotag.domain.rules.schema import Defaults, LabelRule, Rules, When
from tests.unit.domain.rules.rule_strategies import LABELS, RULES, SETS, SUBJECTS, UNCAPPED

Labels = Mapping[str, Iterable[Label]]
RULES_OF_IMPLIED = ('labels."', 'categories."', "when[", "translations.", "rekognition's parents of")


def keys(tags: Iterable[str]) -> list[str]:
    return [label_key(tag) for tag in tags]


def considered(labels: Labels, rules: Rules) -> dict[str, float]:
    """Return the labels that count, keyed, each with its highest confidence."""
    best: dict[str, float] = {}
    for provider in rules.defaults.providers:
        for label in labels.get(provider, ()):
            key = label_key(label.name)
            best[key] = max(best.get(key, 0.0), label.confidence)
    return best


@given(labels=LABELS, rules=RULES, subject=SUBJECTS, data=st.data())
def test_the_order_of_anything_never_matters(
    labels: dict[str, list[Label]], rules: Rules, subject: Subject, data: st.DataObject
) -> None:
    shuffled = {
        provider: data.draw(st.permutations(labels[provider])) for provider in data.draw(st.permutations(list(labels)))
    }
    other = replace(subject, user_tags=tuple(data.draw(st.permutations(subject.user_tags))))
    assert decide(shuffled, other, Ruleset(rules, SETS)) == decide(labels, subject, Ruleset(rules, SETS))


@given(labels=LABELS, rules=RULES, subjects=st.lists(SUBJECTS, min_size=1, max_size=4))
def test_deciding_again_decides_the_same(labels: Labels, rules: Rules, subjects: list[Subject]) -> None:
    """Also by a rulebook that remembers other folders, and by one that was stored and read."""
    ruleset = Ruleset(rules, SETS)
    first = [decide(labels, subject, ruleset) for subject in subjects]
    assert [decide(labels, subject, ruleset) for subject in reversed(subjects)] == first[::-1]
    stored = Ruleset(msgspec.json.decode(msgspec.json.encode(rules), type=Rules), SETS)
    assert stored.version == ruleset.version
    assert [decide(labels, subject, stored) for subject in subjects] == first


@given(labels=LABELS, rules=RULES, subject=SUBJECTS)
def test_the_cap_is_never_exceeded(labels: Labels, rules: Rules, subject: Subject) -> None:
    ruleset = Ruleset(rules, SETS)
    labels = {provider: [replace(label, fault="") for label in found] for provider, found in labels.items()}
    cap = select_for(labels, subject, ruleset)[1].max_tags
    decision = decide(labels, subject, ruleset)
    written = len(decision.tags) - len(decision.present)
    assert written <= cap and decision.room == (0 if decision.skip else cap - written)
    over = [explained for explained in decision.labels if explained.outcome == "over_max"]
    assert not over or written == cap


@given(labels=LABELS, rules=RULES, subject=SUBJECTS)
def test_every_label_has_exactly_one_outcome(labels: Labels, rules: Rules, subject: Subject) -> None:
    decision = decide(labels, subject, Ruleset(rules, SETS))
    given = [explained for explained in decision.labels if explained.provider is not None]
    by_provider = Counter((label_key(explained.label), explained.provider) for explained in given)
    assert {key for key, _ in by_provider} == (set() if decision.skip else {*considered(labels, rules)})
    assert set(by_provider.values()) <= {1}
    if not Ruleset(rules, SETS).by_provider:  # else each of several providers' labels has one
        assert len(by_provider) == len({key for key, _ in by_provider})
    assert all(explained.because for explained in decision.labels)


@given(labels=LABELS, rules=RULES, subject=SUBJECTS)
def test_every_tag_can_be_traced_to_a_label_or_a_rule(labels: Labels, rules: Rules, subject: Subject) -> None:
    decision = decide(labels, subject, Ruleset(rules, SETS))
    assert decision.sources.keys() == set(decision.tags)
    for tag in decision.tags:
        stands = [
            explained
            for explained in decision.labels
            if explained.tag == tag and explained.outcome in ("kept", "translated", "present") and explained.provider
        ]
        implied = [explained for explained in decision.labels if explained.tag == tag and explained.provider is None]
        assert len(stands) == 1 or len(implied) == 1
        for explained in implied:
            assert explained.outcome in ("parent", "added", "translated", "present")
            assert explained.outcome == "present" or explained.because.startswith(RULES_OF_IMPLIED)
        merged = [explained for explained in decision.labels if explained.tag == tag and explained.outcome == "merged"]
        if not implied:  # labels, and what rules call the tag before case and prefix
            stood = [label_key(explained.label) for explained in [*stands, *merged]]
            assert {*decision.sources[tag]} >= {*stood}
            if not any(explained.outcome == "translated" for explained in stands):
                assert all(label_key(tag).endswith(key) for key in {*decision.sources[tag]} - {*stood})


@given(labels=LABELS, rules=RULES, subject=SUBJECTS)
def test_what_is_denied_never_appears(labels: Labels, rules: Rules, subject: Subject) -> None:
    decision = decide(labels, subject, Ruleset(rules, SETS))
    denied = set(keys(rules.defaults.deny))
    assert denied.isdisjoint(keys(decision.tags)) and denied.isdisjoint(keys(decision.review))
    assert denied.isdisjoint(key for sources in decision.sources.values() for key in sources)


@given(labels=LABELS, rules=RULES, subject=SUBJECTS)
def test_what_a_person_took_away_never_appears(labels: Labels, rules: Rules, subject: Subject) -> None:
    decision = decide(labels, subject, Ruleset(rules, SETS))
    assert subject.suppressed.isdisjoint(keys(decision.tags)) and subject.suppressed.isdisjoint(keys(decision.review))


@given(labels=LABELS, rules=RULES, subject=SUBJECTS)
def test_no_tag_comes_twice_however_it_is_spelt(labels: Labels, rules: Rules, subject: Subject) -> None:
    decision = decide(labels, subject, Ruleset(rules, SETS))
    assert max(Counter(keys((*decision.tags, *decision.review))).values(), default=1) == 1
    assert set(decision.present) <= set(decision.tags)
    assert set(keys(decision.present)) <= set(keys(subject.user_tags))
    assert subject.managed_tags.isdisjoint(decision.present)


def respelt(name: str, how: str) -> str:
    if how in ("NFD", "NFKC"):
        return unicodedata.normalize(how, name)  # type: ignore[arg-type]
    return name.upper() if how == "upper" else name.lower()


@given(labels=LABELS, rules=UNCAPPED, subject=SUBJECTS, data=st.data())
def test_the_spelling_of_a_label_never_decides(
    labels: Labels, rules: Rules, subject: Subject, data: st.DataObject
) -> None:
    ways = st.sampled_from(["NFD", "NFKC", "upper", "lower"])
    other = {
        provider: [replace(label, name=respelt(label.name, data.draw(ways))) for label in found]
        for provider, found in labels.items()
    }
    # managed tags are compared as they are spelt: what is spelt otherwise is another tag in Cloudinary
    subject = replace(subject, managed_tags=frozenset())

    def essence(decision: Decision) -> tuple[object, ...]:
        return (
            sorted(keys(decision.tags)),
            sorted(keys(decision.present)),
            sorted(keys(decision.review)),
            decision.skip,
        )

    ruleset = Ruleset(rules, SETS)
    assert essence(decide(other, subject, ruleset)) == essence(decide(labels, subject, ruleset))


@given(labels=LABELS, rules=UNCAPPED, subject=SUBJECTS, higher=st.floats(0, 1))
@example(
    labels={"aws_rek_tagging": [Label("A", 0.5)]},
    rules=Rules(labels={"A": LabelRule(tag="t")}, defaults=Defaults(threshold=0.5), when=(When(add=("t",)),)),
    subject=Subject(suppressed=frozenset({"a"})),
    higher=0.9,
)
def test_raising_the_threshold_never_adds_a_tag(labels: Labels, rules: Rules, subject: Subject, higher: float) -> None:
    """Without a cap, where fewer may stay, and without blocks that ask what is kept."""
    assume(higher >= rules.defaults.threshold)
    stricter = replace(rules, defaults=replace(rules.defaults, threshold=higher))
    before, after = (decide(labels, subject, Ruleset(which, SETS)) for which in (rules, stricter))
    assert set(keys(after.tags)) <= set(keys(before.tags))
