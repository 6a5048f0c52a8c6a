"""What a person removed does not come back, whatever the rules become."""

from collections.abc import Iterable, Mapping

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from autotag.domain.decisions.compare import changed_tags
from autotag.domain.decisions.decide import decide
from autotag.domain.decisions.evaluate import evaluate
from autotag.domain.decisions.replay import replay
from autotag.domain.model.audit import Inputs
from autotag.domain.model.labels import Label, label_key
from autotag.domain.review.questions import questions, stood_for
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject
from autotag.domain.rules.schema import Rules
from autotag.domain.state.asset_state import AssetState
from autotag.domain.state.claim import inputs_of
from autotag.domain.state.tag_ownership import apply_person_edit, suppressed
from tests.unit.domain.decisions.decision_helpers import book
from tests.unit.domain.rules.rule_strategies import CASES, CROWDED, CROWDED_LABELS, PREFIXES, SETS
from tests.unit.domain.state.state_builders import audit_of, claimed, complete, facts, intent_of, person, state

PREFIXED = '[defaults]\nprefix = "auto:"\n'
AXE = '[labels.Axe]\ntag = "guitar"\n'
PARENT = f'{AXE}[labels."Electric Guitar"]\nparents = ["guitar"]\n'
ADDED = f'{AXE}[[when]]\nadd = ["guitar"]\n'


def after(known: AssetState, rules: str) -> AssetState:
    """Return the state once a person removed ``auto:guitar`` from what ``rules`` had given it."""
    written = replace(known, managed_tags=intent_of(claimed(known, rules)).outcome.managed_tags)
    assert "auto:guitar" in written.managed_tags
    return apply_person_edit(written, person(removed=("auto:guitar",)))


def tags(known: AssetState, rules: str) -> tuple[str, ...]:
    decision = evaluate(inputs_of(known, book(rules)), book(rules)).decision
    assert decision is not None
    return decision.tags


def test_a_removed_tag_that_a_parent_gives_too_stays_away_without_its_prefix() -> None:
    known = after(state(complete({"Axe": 0.9, "Electric Guitar": 0.8})), PREFIXED + PARENT)
    assert tags(known, PREFIXED + PARENT) == ("auto:Electric Guitar",)
    assert tags(known, PARENT) == ("Electric Guitar",)


def test_a_removed_tag_that_a_block_adds_too_stays_away_without_its_prefix() -> None:
    known = after(state(complete({"Axe": 0.9})), PREFIXED + ADDED)
    assert tags(known, ADDED) == ()


def test_a_removed_tag_stays_away_where_another_label_of_the_same_tag_reaches_its_threshold_later() -> None:
    rules = f'{AXE}[labels.Bass]\ntag = "guitar"\n'
    known = state(complete({"Axe": 0.9, "Bass": 0.6}), managed_tags={"guitar": ("axe", "guitar")})
    known = apply_person_edit(known, person(removed=("guitar",)))
    assert tags(known, '[defaults]\nprefix = "auto:"\nthreshold = 0.5\n' + rules) == ()


def test_a_tag_that_a_person_removed_while_it_was_being_written_stays_away_without_its_prefix() -> None:
    known = claimed(state(complete({"Axe": 0.9, "Electric Guitar": 0.8})), PREFIXED + PARENT)
    known = apply_person_edit(known, person(removed=("auto:guitar",)))
    assert {"axe", "guitar"} <= suppressed(known)


def test_a_persons_own_tag_that_rules_give_too_stays_away_under_another_prefix_once_they_remove_it() -> None:
    rules = PREFIXED + PARENT
    known = state(complete({"Axe": 0.9, "Electric Guitar": 0.8}), facts=facts("auto:guitar", at=0))
    known = apply_person_edit(known, person(removed=("auto:guitar",)), stands=stood_for(known, book(rules)))
    assert tags(known, PARENT) == ("Electric Guitar",)


def test_what_a_person_rejects_is_remembered_by_its_name_before_case_and_prefix() -> None:
    rules = f"{PREFIXED}review = 0.5\n{AXE}"
    known = state(complete({"Axe": 0.6}), review=("auto:guitar",))
    assert questions(known, book(rules)).labels("auto:guitar") == ("axe", "guitar")


def test_a_replay_of_what_was_decided_without_the_removed_tag_tells_no_difference() -> None:
    known = after(state(complete({"Axe": 0.9, "Electric Guitar": 0.8})), PREFIXED + PARENT)
    audit = audit_of(claimed(known, PARENT))
    assert isinstance(audit.inputs, Inputs) and "guitar" in audit.inputs.suppressed
    assert replay(audit, book(PARENT)) == ()


@given(
    labels=CROWDED_LABELS,
    old=CROWDED,
    new=CROWDED,
    case=CASES,
    prefix=PREFIXES,
    which=st.integers(0, 5),
)
def test_no_other_rules_bring_a_removed_tag_back_under_its_name(
    labels: Mapping[str, Iterable[Label]], old: Rules, new: Rules, case: str, prefix: str, which: int
) -> None:
    old = replace(old, when=())
    before = decide(labels, Subject(), Ruleset(old, SETS))
    if not before.tags:
        return
    removed = before.tags[which % len(before.tags)]
    taken = frozenset({label_key(removed), *before.sources[removed]})
    changed = replace(new, defaults=replace(new.defaults, case=case, prefix=prefix), when=new.when[:0])
    subject = Subject(suppressed=taken)

    decision = decide(labels, subject, Ruleset(changed, SETS))

    name = label_key(removed.removeprefix(old.defaults.prefix))
    again = {label_key(tag.removeprefix(prefix)) for tag in (*decision.tags, *decision.review)}
    assert name not in again and taken.isdisjoint(map(label_key, (*decision.tags, *decision.review)))
    nothing = Ruleset(replace(changed, labels={}, defaults=replace(changed.defaults, allow=("nothing",))), SETS)
    assert changed_tags(labels, subject, nothing, Ruleset(changed, SETS)).gained == {*decision.tags}
