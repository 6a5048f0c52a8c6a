"""What Rekognition says about labels, in stored states and audits."""

import msgspec
from msgspec.structs import replace

from autotag.adapters.aws.dynamodb.asset_items import state_from_item, state_to_item
from autotag.adapters.aws.dynamodb.audit_items import audit_from_item, audit_to_item
from autotag.domain.decisions.evaluate import evaluate
from autotag.domain.decisions.replay import replay
from autotag.domain.model.labels import Categorization, Label, LabelRelations, label_key
from autotag.domain.rules.compiled.ruleset import ActiveRules
from autotag.domain.state.asset_state import AssetState
from autotag.domain.state.claim import claim_decision, inputs_of
from autotag.domain.state.complete import decode_audit
from tests.unit.domain.decisions.decision_helpers import book
from tests.unit.domain.state.state_builders import GRANT, REF, T0, TRIGGER, complete, facts

ABOUT = {
    "guitar": LabelRelations(("Musical Instrument",), (), ("Hobbies and Interests",)),
    "person": LabelRelations((), ("Human",), ("Person Description",)),
}
FOUND = Categorization(
    "complete", (Label("Guitar", 0.9821), Label("Person", 0.71)), T0, model="3.0", source="url", about=ABOUT
)
STATE = AssetState(REF, "pending", facts=facts(), categorizations={"rekognition": FOUND})
RULES = book('[defaults]\nproviders = ["rekognition"]')


def test_a_state_keeps_the_model_the_source_and_what_is_said_about_labels() -> None:
    assert state_from_item(state_to_item(STATE, b"stamp").item) == STATE


def test_an_audit_keeps_them_and_replays() -> None:
    verdict = evaluate(inputs_of(STATE, RULES), RULES)
    claimed = claim_decision(STATE, verdict, ActiveRules(RULES, 1), TRIGGER, GRANT)
    assert claimed.intent is not None
    audit = decode_audit(claimed.intent)
    stored = audit_from_item(audit_to_item(audit, 1))
    assert not isinstance(stored.inputs, msgspec.UnsetType)
    assert stored.inputs.categorizations["rekognition"] == FOUND
    assert replay(stored, RULES) == ()


def test_another_provider_is_stored_without_any_of_it() -> None:
    assert msgspec.to_builtins(complete()).keys() == {"status", "labels", "observed_at"}


def test_fifty_labels_with_all_that_is_said_about_them_fit_into_four_write_units() -> None:
    kinds = ("Acoustic", "Bass", "Electric", "Steel", "Twelve")
    names = [f"{kind} {letter}" for kind in kinds for letter in "ABCDEFGHIJ"]
    relations = LabelRelations(("Musical Instrument", "Leisure"), ("Instrument",), ("Hobbies and Interests",))
    full = replace(
        FOUND,
        labels=tuple(Label(name, (9900 - 131 * place) / 10_000) for place, name in enumerate(names)),
        about={label_key(name): relations for name in names},
    )
    item = state_to_item(replace(STATE, categorizations={"rekognition": full}), b"stamp").item
    assert len(item["data"]["B"]) < 4096
