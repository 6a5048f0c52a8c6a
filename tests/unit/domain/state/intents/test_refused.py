"""The state that remains when Cloudinary refused the calls of an intent."""

from autotag.domain.state.asset_state import Write
from autotag.domain.state.complete import close_intent, mark_gone, mark_refused
from tests.unit.domain.state.intents.opened_intent import DONE, NOW, opened
from tests.unit.domain.state.state_builders import audit_of, intent_of


def test_of_a_refused_intent_only_what_was_called_remains() -> None:
    known = opened()
    done = {"Old": Write("remove", NOW, 1)}
    audit = mark_refused(audit_of(known), "Cloudinary answered 400: too many tags", done)
    assert (audit.outcome, audit.reason) == ("failed", "Cloudinary answered 400: too many tags")
    assert (audit.tags.added, audit.tags.removed) == ((), ("Old",))
    assert audit.tags.before == audit_of(known).tags.before and audit.audit_id == audit_of(known).audit_id
    after = close_intent(known, intent_of(known), audit, done, NOW)
    assert (after.status, after.managed_tags, after.intent) == ("failed", {}, None)
    assert after.decided == intent_of(known).outcome.decided  # a duplicate does not try again


def test_of_an_intent_refused_at_once_everything_stays_as_it_was() -> None:
    known = opened()
    audit = mark_refused(audit_of(known), "no", {})
    assert (audit.tags.added, audit.tags.removed) == ((), ())
    after = close_intent(known, intent_of(known), audit, {}, NOW)
    assert after.review == ()  # only a refused answer is asked for again
    assert after.managed_tags == {"Old": ("old",)} and after.facts == known.facts and after.writes == {}


def test_of_a_refused_intent_what_was_added_by_then_is_ours() -> None:
    known = opened()
    done = {tag: DONE[tag] for tag in ("Old", "Guitar")}
    after = close_intent(known, intent_of(known), mark_refused(audit_of(known), "no", done), done, NOW)
    assert after.managed_tags == {"Guitar": ("guitar",)} and after.writes == done


def test_what_was_decided_is_still_told_where_another_end_came_of_it() -> None:
    planned = audit_of(opened())
    for audit in (mark_refused(planned, "no", {}), mark_gone(planned)):
        assert audit.decided
        assert (audit.decided.outcome, audit.decided.tags) == (planned.outcome, planned.tags)
