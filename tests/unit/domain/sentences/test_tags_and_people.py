"""Who put each tag on a picture, and what people did: from the answers of ``show`` and ``audits``."""

import msgspec
import pytest
from msgspec.structs import replace

from autotag.domain.model.audit import AnswerRecord, Audit, TagChange, Trigger, TriggerKind, iso, public
from autotag.domain.sentences.people import explain_people
from autotag.domain.sentences.picture import Picture, PictureTags
from autotag.domain.sentences.reviewers import short_name
from autotag.domain.sentences.tags import explain_tags
from autotag.domain.state.asset_state import AssetState, Assigned, TagPreference
from autotag.service.operations.describe import describe
from tests.unit.domain.sentences.decision_audits import ADA, decision
from tests.unit.domain.sentences.plain_words import checked
from tests.unit.domain.state.state_builders import T0, complete, facts, state

AT = "October 8, 2026 at 12:00 UTC"


def picture(known: AssetState) -> Picture:
    """Return what a console reads from the answer of ``show``."""
    return msgspec.json.decode(msgspec.json.encode(describe(known)), type=Picture)


def stored(audit: Audit) -> Audit:
    """Return an audit as ``audits`` answers it."""
    return msgspec.json.decode(public(audit), type=Audit)


def test_a_managed_tag_names_its_label_and_its_rule() -> None:
    known = state(complete({"Guitar": 0.9}), managed_tags={"Guitar": ("guitar",)})
    audit = stored(decision(state(complete({"Guitar": 0.9}))))
    sentence = explain_tags(picture(known), [audit])["Guitar"]
    assert checked(sentence) == (
        f"autotag added Guitar on {AT} because its confidence 0.90 reaches the 0.70 that the rules ask for."
    )
    assert sentence.rule == "defaults.threshold"


def test_a_tag_that_a_later_decision_keeps_has_the_reason_of_that_decision() -> None:
    known = state(managed_tags={"Guitar": ("guitar",)})
    first = decision(state(complete({"Guitar": 0.9})))
    later = decision(known, "[labels.Guitar]\nthreshold = 0.8\n", Trigger("retag", "", "", "r1"))
    later = replace(later, outcome="unchanged", tags=TagChange((), (), ()))
    text = checked(explain_tags(picture(known), [later, first])["Guitar"])
    assert text == (
        f"autotag added Guitar on {AT}. It stays because its confidence 0.90 reaches the 0.80 that the rule for Guitar "
        "asks for."
    )
    assert checked(explain_tags(picture(known), [later])["Guitar"]).endswith(
        "The audit of its addition is not at hand."
    )
    dry = replace(later, mode="dry_run")
    assert " It stays" not in explain_tags(picture(known), [dry, first])["Guitar"].text


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("revert", f"autotag added Guitar on {AT} in a revert of an earlier decision."),
        ("review", f"autotag added Guitar on {AT} because ada (team) took the rejection back."),
    ],
)
def test_a_tag_that_came_back_names_what_brought_it(kind: TriggerKind, text: str) -> None:
    known = state(managed_tags={"Guitar": ("guitar",)})
    audit = replace(decision(state()), labels=(), reason=f"taken back by {ADA}: Guitar")
    audit = replace(audit, trigger=Trigger(kind, "", "", ""), answers=AnswerRecord(undo=("Guitar",)))
    assert checked(explain_tags(picture(known), [audit])["Guitar"]) == text


def test_what_a_person_added_or_a_reviewer_accepted_before_is_not_autotag_s_addition() -> None:
    known = state(managed_tags={"Guitar": ("guitar",)})
    first = decision(state(complete({"Guitar": 0.9})))
    by_hand = replace(first, trigger=Trigger("person", "", "", ""), labels=(), at="2027-01-01T00:00:00.000Z")
    accepted = replace(by_hand, trigger=Trigger("review", "", "", ""), answers=AnswerRecord(("Guitar",)))
    text = checked(explain_tags(picture(known), [accepted, by_hand, first])["Guitar"])
    assert text.startswith(f"autotag added Guitar on {AT} because its confidence 0.90 reaches ")


def test_people_s_tags_name_who_put_them_there() -> None:
    tags = ("press", "hand", "sent", "yes", "sure", "maybe")
    known = state(
        facts=facts(*tags),
        people={
            "hand": TagPreference("add", T0, "hand"),
            "sent": TagPreference("add", T0, "sent", set_by_upload=True),
            "yes": TagPreference("add", T0, "yes", answer="0123456789ab"),
            "no": TagPreference("remove", T0 + 1, "no", answer="ba9876543210"),
            "gone": TagPreference("remove", T0 + 2, "gone"),
            "back": TagPreference("remove", T0, "back", withdrawn=True),
        },
        assigned={"sure": Assigned(T0, False), "maybe": Assigned(T0, True)},
    )
    audit = replace(decision(state()), audit_id=f"a1.{T0}.0123456789ab", at=iso(T0))
    audit = replace(audit, trigger=Trigger("review", "", "", ""), answers=AnswerRecord(("yes",)))
    audit = replace(audit, reason=f"accepted by {ADA}: yes")
    found = {tag: checked(sentence) for tag, sentence in explain_tags(picture(known), [audit]).items()}
    assert found == {
        "press": "press came with the picture: an upload, a person or Cloudinary put it there, not autotag.",
        "hand": f"A person added hand on {AT}.",
        "sent": f"An upload set sent on {AT}.",
        "yes": f"ada (team) accepted yes on {AT}.",
        "sure": f"Cloudinary's auto_tagging added sure on {AT}.",
        "maybe": f"A person or Cloudinary's auto_tagging added maybe on {AT}.",
    }
    changes = [checked(sentence) for sentence in explain_people(picture(known), [audit])]
    assert changes[:2] == [f"A person removed gone on {AT}.", f"A reviewer rejected no on {AT}."]
    assert len(changes) == 5 and f"ada (team) accepted yes on {AT}." in changes


def test_an_adopted_tag_is_cloudinary_s_and_stays_by_the_rules() -> None:
    known = state(managed_tags={"Guitar": ("guitar",)}, assigned={"guitar": Assigned(T0, False)})
    text = checked(explain_tags(picture(known))["Guitar"])
    assert text == f"Cloudinary's auto_tagging added Guitar on {AT}. The rules adopted it."


def test_an_answer_of_an_older_release_is_read() -> None:
    older = {"tags": {"ours": [], "theirs": ["x"], "review": []}, "people": {"x": {"want": "add", "at": iso(T0)}}}
    found = explain_tags(msgspec.convert(older, Picture))
    assert checked(found["x"]) == f"A person added x on {AT}."
    assert explain_tags(Picture(PictureTags((), ()))) == {}


@pytest.mark.parametrize(
    ("by", "name"),
    [
        (ADA, "ada (team)"),
        ("arn:aws-us-gov:iam::123456789012:user/staff/ada", "ada"),
        ("arn:aws:iam::123456789012:root", "the root user of account 123456789012"),
        ("oidc:login.example.com:ada@example.com", "oidc:login.example.com:ada@example.com"),
        ("arn:aws:sts::123456789012:assumed-role/other/ada", "ada (other)"),
    ],
)
def test_a_caller_is_named_in_short_without_hiding_the_role_that_it_took(by: str, name: str) -> None:
    assert short_name(by) == name
