"""Whatever is decided under whatever rules comes back from the tables as it was, and an open intent's record stays."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from autotag.adapters.aws.dynamodb.asset_items import state_from_item, state_to_item
from autotag.adapters.aws.dynamodb.audit_items import audit_from_item, audit_to_item
from autotag.adapters.aws.dynamodb.codec.blob import unpacked
from autotag.domain.decisions.evaluate import evaluate
from autotag.domain.model.asset import AssetRef
from autotag.domain.model.messages import AssetRenamed, MessageOrigin, TagsEdited
from autotag.domain.rules.compiled.ruleset import ActiveRules, Ruleset
from autotag.domain.rules.schema import Rules
from autotag.domain.state.asset_state import AssetState
from autotag.domain.state.claim import claim_decision, inputs_of
from autotag.domain.state.item_size import without_refetchable
from autotag.domain.state.merge import merge, rename
from autotag.domain.state.tag_ownership import apply_person_edit
from tests.fakes.samples import resource, upload
from tests.unit.domain.decisions.replay.test_replay_properties import STATES
from tests.unit.domain.rules.rule_strategies import RULES, SETS, TAGS
from tests.unit.domain.state.state_builders import GRANT, T0, TRIGGER, audit_of

OTHER_LABELS = st.dictionaries(st.sampled_from(["Guitar", "Cat", "Person", "Dog"]), st.floats(0, 1), max_size=4)
ORIGIN = MessageOrigin("webhook", "d9")
WHAT = st.sampled_from(["labels", "another version", "a wish", "a rename", "slimmed"])


def stored(state: AssetState) -> AssetState:
    return state_from_item(state_to_item(state, b"stamp").item)


def claimed(rules: Rules, state: AssetState, *, indexed: bool = True) -> AssetState:
    ruleset = Ruleset(rules, SETS)
    verdict = evaluate(inputs_of(state, ruleset), ruleset)
    return claim_decision(state, verdict, ActiveRules(ruleset, 1), TRIGGER, GRANT, indexed=indexed)


def beside(state: AssetState, what: str, labels: dict[str, float], tag: str) -> AssetState:
    """Return ``state`` after something that is written beside its open intent."""
    ref = state.asset
    if what == "a wish":
        return apply_person_edit(state, TagsEdited(ref, T0 + 9, "ada", ORIGIN, (tag,), ()), stands={})
    if what == "a rename":
        ref = AssetRef(ref.asset_id, "another/name", ref.resource_type, ref.type, ref.version)
        return rename(state, AssetRenamed(ref, "another", T0 + 9, ORIGIN)) or state
    if what == "slimmed":
        return without_refetchable(state)
    version = ref.version + (what == "another version")
    body = resource(ref.asset_id, labels, version=version, public_id=ref.public_id, tags=(tag,))
    return merge(state, upload(body, T0 + 9, "d9"), keeps=False) or state


@given(rules=RULES, state=STATES, indexed=st.booleans())
def test_a_claim_under_any_rules_comes_back_as_it_was(rules: Rules, state: AssetState, indexed: bool) -> None:
    known = claimed(rules, state, indexed=indexed)
    assert stored(known) == known
    item = state_to_item(known, b"stamp").item
    assert ("due" in item) == indexed


@given(rules=RULES, state=STATES)
def test_an_audit_under_any_rules_comes_back_as_it_was(rules: Rules, state: AssetState) -> None:
    audit = audit_of(claimed(rules, state))
    assert audit_from_item(audit_to_item(audit, 1)) == audit


@given(rules=RULES, state=STATES, steps=st.lists(st.tuples(WHAT, OTHER_LABELS, TAGS), min_size=1, max_size=4))
def test_keep_the_record_of_an_open_intent_stays_to_the_byte_whatever_is_written_beside_it(
    rules: Rules, state: AssetState, steps: list[tuple[str, dict[str, float], str]]
) -> None:
    known = stored(claimed(rules, state))
    assert known.intent is not None
    record, claimed_audit_id = known.intent.audit, known.intent.audit_id
    for step in steps:
        known = stored(beside(known, *step))
        assert known.intent is not None and known.intent.audit == record
        assert known.intent.audit_id == claimed_audit_id


@given(rules=RULES, state=STATES)
def test_what_people_did_not_judge_takes_no_byte(rules: Rules, state: AssetState) -> None:
    people = {key: replace(each, rules="", bars={}) for key, each in state.people.items()}
    known = claimed(rules, replace(state, people=people, left={}, samples={}))
    content = unpacked(bytes(state_to_item(known, b"stamp").item["data"]["B"]))
    assert content.keys().isdisjoint({"left", "samples"})
    assert all(said.keys().isdisjoint({"rules", "bars"}) for said in content.get("people", {}).values())
