"""Whatever is decided under whatever rules replays identically from its stored form, in another process."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from autotag.domain.decisions.evaluate import evaluate
from autotag.domain.decisions.replay import replay
from autotag.domain.model.asset import Facts
from autotag.domain.model.audit import Audit
from autotag.domain.model.labels import Categorization, label_key
from autotag.domain.model.verdicts import Bar, Left, Sample
from autotag.domain.rules.compiled.ruleset import ActiveRules, Ruleset
from autotag.domain.rules.schema import Rules
from autotag.domain.state.asset_state import AssetState, TagPreference, Write
from autotag.domain.state.claim import claim_decision, inputs_of
from tests.unit.domain.rules.rule_strategies import LABELS, RULES, SETS, TAGS
from tests.unit.domain.state.state_builders import GRANT, REF, T0, TRIGGER, audit_of

STATUSES = st.sampled_from(["complete", "complete", "complete", "failed", "pending"])
TIMES = st.integers(T0 - 2, T0 + 2)
SOME_TAGS = st.lists(TAGS, max_size=4, unique=True).map(tuple)
BARS = st.builds(Bar, st.floats(0, 1) | st.just(0.7), st.none() | st.floats(0, 1))
VERSIONS = st.sampled_from(["", "f" * 12, "0123456789ab"])
WISHES = st.builds(
    TagPreference,
    st.sampled_from(["add", "remove"]),
    TIMES,
    TAGS,
    st.just(()) | st.just(("guitar",)),
    rules=VERSIONS,
    bars=st.dictionaries(TAGS, BARS, max_size=2),
)
SAMPLES = st.builds(
    Sample, TIMES, TAGS, TAGS, st.integers(0, 10_000), VERSIONS, BARS, st.sampled_from(["", "accept", "reject"]), TIMES
)
WRITES = st.builds(Write, st.sampled_from(["add", "remove"]), TIMES, st.integers(0, 10**12 - 1))
STATES = st.builds(
    AssetState,
    asset=st.just(REF),
    status=st.just("pending"),
    facts=st.builds(
        Facts, st.sampled_from(["", "stage", "zoo/a"]), st.sampled_from(["jpg", "PNG"]), st.just({}), SOME_TAGS, TIMES
    ),
    categorizations=LABELS.flatmap(
        lambda labels: st.fixed_dictionaries(
            {provider: st.builds(Categorization, STATUSES, st.just(tuple(found))) for provider, found in labels.items()}
        )
    ),
    managed_tags=SOME_TAGS.map(lambda tags: {tag: (label_key(tag),) for tag in tags}),
    people=st.lists(WISHES, max_size=3).map(
        lambda preferences: {label_key(preference.tag): preference for preference in preferences}
    ),
    writes=st.dictionaries(TAGS, WRITES, max_size=3),
    left=st.dictionaries(TAGS, st.builds(Left, TIMES, VERSIONS, BARS), max_size=2),
    samples=st.dictionaries(TAGS, SAMPLES, max_size=2),
)


@given(rules=RULES, adopt=st.booleans(), state=STATES)
def test_any_decision_replays_identically(rules: Rules, adopt: bool, state: AssetState) -> None:
    if adopt:
        rules = replace(rules, defaults=replace(rules.defaults, auto_tagged="adopt"))
    ruleset = Ruleset(rules, SETS)
    verdict = evaluate(inputs_of(state, ruleset), ruleset)
    audit = audit_of(claim_decision(state, verdict, ActiveRules(ruleset, 1), TRIGGER, GRANT))

    stored = msgspec.json.decode(msgspec.json.encode(audit), type=Audit)
    assert stored == audit
    assert replay(stored, Ruleset(rules, SETS)) == ()


@given(rules=RULES, others=RULES, state=STATES)
def test_other_rules_are_identical_only_where_they_decide_the_same(
    rules: Rules, others: Rules, state: AssetState
) -> None:
    audits = [
        audit_of(claim_decision(state, evaluate(inputs_of(state, book), book), ActiveRules(book, 1), TRIGGER, GRANT))
        for book in (Ruleset(rules, SETS), Ruleset(others, SETS))
    ]
    one, other = (replace(audit, rules=audits[0].rules, inputs=audits[0].inputs) for audit in audits)
    if rules.defaults.providers == others.defaults.providers:
        assert (replay(one, Ruleset(others, SETS)) == ()) == (one == other)
