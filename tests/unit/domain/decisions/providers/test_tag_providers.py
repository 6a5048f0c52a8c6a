"""Where one provider is through and another failed, nothing is removed because of the failure."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET
from msgspec.structs import replace

from autotag.domain.decisions.replay import replay
from autotag.domain.model.audit import Inputs
from autotag.domain.model.labels import Categorization
from autotag.domain.runs.retag import retagging
from autotag.domain.state.asset_state import AssetState, Write
from autotag.domain.state.complete import close_intent
from tests.unit.domain.decisions.decision_helpers import book
from tests.unit.domain.state.state_builders import REF, audit_of, claimed, complete, facts, failed, intent_of, pending

GOOGLE, REKOGNITION = "google_tagging", "aws_rek_tagging"
BOTH = f'[defaults]\nproviders = ["{REKOGNITION}", "{GOOGLE}"]\n'


def asset(google: Categorization, rekognition: dict[str, float] | None = None, **known: Any) -> AssetState:
    """Return an asset with what each of the two says of it."""
    found = {REKOGNITION: complete({"Cat": 0.9} if rekognition is None else rekognition), GOOGLE: google}
    known = {"status": "tagged", "facts": facts(*known.get("managed_tags", ())), **known}
    return AssetState(REF, categorizations=found, **known)


def tagged(google: dict[str, float], rekognition: dict[str, float] | None = None, rules: str = BOTH) -> AssetState:
    """Return an asset once its tags are written."""
    known = claimed(asset(complete(google), rekognition), rules)
    intent = intent_of(known)
    known = close_intent(known, intent, audit_of(known), {tag: Write("add", 1, 100) for tag in intent.add}, 1)
    return replace(known, facts=facts(*known.managed_tags))


def again(known: AssetState, google: Categorization, rekognition: dict[str, float], rules: str = BOTH) -> AssetState:
    """Decide once more, on other labels."""
    return claimed(replace(known, categorizations={REKOGNITION: complete(rekognition), GOOGLE: google}), rules)


@pytest.mark.parametrize("google", [failed(error="quota exceeded"), pending()])
def test_a_tag_that_only_the_failed_provider_gave_stays(google: Categorization) -> None:
    known = tagged({"Dog": 0.9, "Cat": 0.75})
    assert known.givers == {"Cat": (REKOGNITION,), "Dog": (GOOGLE,)}

    after = again(known, google, {"Fur": 0.9})

    assert (intent_of(after).add, intent_of(after).remove) == (("Fur",), ("Cat",))
    assert intent_of(after).outcome.managed_tags == {"Fur": ("fur",), "Dog": ("dog",)}
    why = "quota exceeded" if google.error else "was still pending"
    assert isinstance(audit_of(after).reason, str)
    assert str(audit_of(after).reason).startswith("Dog stays for lack of labels") and why in str(audit_of(after).reason)


@pytest.mark.parametrize(("most", "stay"), [(2, set()), (3, {"Dog", "Hund"})])
def test_the_languages_of_a_tag_that_only_the_failed_provider_gave_stay_or_go_together(
    most: int, stay: set[str]
) -> None:
    rules = f'{BOTH}languages = ["en", "de"]\nmax_tags = {most}\n[translations.de]\nDog = "Hund"\n'
    known = tagged({"Dog": 0.9}, {}, rules)
    assert known.managed_tags.keys() == {"Dog", "Hund"}

    after = again(known, failed(), {"Fur": 0.9}, rules)

    assert intent_of(after).outcome.managed_tags.keys() == {"Fur"} | stay


def test_it_stays_as_long_as_the_provider_fails_and_goes_once_it_answers() -> None:
    known = tagged({"Dog": 0.9})
    for _ in range(3):
        after = again(known, failed(), {"Fur": 0.9})
        known = close_intent(after, intent_of(after), audit_of(after), {"Fur": Write("add", 1, 100)}, 1)
        assert known.managed_tags.keys() == {"Fur", "Dog"} and known.givers["Dog"] == (GOOGLE,)

    after = again(known, complete({"Bird": 0.9}), {"Fur": 0.9})

    assert (intent_of(after).add, intent_of(after).remove) == (("Bird",), ("Dog",))
    assert audit_of(after).reason is UNSET


def test_what_the_provider_that_is_through_gave_is_removed() -> None:
    after = again(tagged({"Dog": 0.9}), failed(), {})
    assert intent_of(after).remove == ("Cat",)


def test_a_parent_is_its_childrens_providers_and_an_addition_has_none() -> None:
    rules = f'{BOTH}[labels.Dog]\nparents = ["animal"]\n[labels.Cat]\nparents = ["pet"]\n[[when]]\nadd = ["zoo"]\n'
    known = tagged({"Dog": 0.9}, rules=rules)
    assert known.givers == {
        **{"Cat": (REKOGNITION,), "pet": (REKOGNITION,)},
        **{"Dog": (GOOGLE,), "animal": (GOOGLE,), "zoo": ()},
    }
    after = again(known, failed(), {}, BOTH)
    assert intent_of(after).remove == ("Cat", "pet", "zoo")


def test_a_tag_of_which_it_is_not_known_who_gave_it_stays() -> None:
    """As those that an earlier release wrote."""
    after = claimed(asset(failed(), managed_tags={"Dog": ("dog",)}), BOTH)
    assert intent_of(after).remove == () and intent_of(after).outcome.managed_tags.keys() == {"Cat", "Dog"}


def test_a_tag_that_comes_back_under_another_name_replaces_the_old_one() -> None:
    known = tagged({"Dog": 0.9})
    after = again(known, failed(), {"Cat": 0.9, "Dog": 0.8}, BOTH + 'prefix = "auto:"\n')
    assert intent_of(after).add == ("auto:Cat", "auto:Dog") and intent_of(after).remove == ("Cat", "Dog")


def test_what_stays_comes_last_under_the_cap() -> None:
    known = tagged({"Dog": 0.9, "Elk": 0.8})
    after = again(known, failed(), {"Cat": 0.9}, f"{BOTH}max_tags = 2\n")
    assert intent_of(after).remove == ("Elk",) and intent_of(after).outcome.managed_tags.keys() == {"Cat", "Dog"}


def test_where_no_provider_is_through_everything_stays() -> None:
    known = replace(tagged({"Dog": 0.9}), categorizations={REKOGNITION: failed(), GOOGLE: failed()})
    after = claimed(known, BOTH)
    assert (audit_of(after).outcome, intent_of(after).remove) == ("failed", ())
    assert intent_of(after).outcome.managed_tags == known.managed_tags


def test_deciding_again_from_stored_labels_leaves_it_too() -> None:
    known = tagged({"Dog": 0.9})
    known = replace(known, categorizations={REKOGNITION: complete({"Cat": 0.9}), GOOGLE: failed()})
    assert retagging(known, book(BOTH)) is None


LABELS = st.dictionaries(st.sampled_from(["Cat", "Dog", "Axe", "Guitar"]), st.sampled_from([0.3, 0.75, 0.9]))


@given(
    google=LABELS,
    rekognition=LABELS,
    later=LABELS,
    cap=st.sampled_from([1, 2, 1000]),
    prefix=st.sampled_from(["", "x:"]),
)
def test_a_replay_comes_to_the_same_and_only_the_cap_takes_what_the_failed_provider_gave(
    google: dict[str, float], rekognition: dict[str, float], later: dict[str, float], cap: int, prefix: str
) -> None:
    known = tagged(google, rekognition)
    rules = f'{BOTH}max_tags = {cap}\nprefix = "{prefix}"\n[labels.Axe]\ntag = "Guitar"\n'
    after = again(known, failed(), later, rules)

    assert replay(audit_of(after), book(rules)) == ()
    outcome = intent_of(after).outcome
    assert len(outcome.managed_tags) <= cap
    for tag in intent_of(after).remove:
        renamed = any({*known.managed_tags[tag]} & {*names} for names in outcome.managed_tags.values())
        assert GOOGLE not in known.givers[tag] or len(outcome.managed_tags) == cap or renamed


def test_a_record_of_before_replays_as_it_was_decided() -> None:
    known = asset(failed(), managed_tags={"Dog": ("dog",)})
    audit = audit_of(claimed(known, BOTH))
    assert isinstance(audit.inputs, Inputs)
    old = replace(
        audit,
        inputs=replace(audit.inputs, unheard={}),
        tags=replace(audit.tags, removed=("Dog",)),
        reason=UNSET,
        engine="1",
    )
    assert replay(old, book(BOTH)) == ()
