"""Requests to push rules, and to report which are active."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from autotag.domain.errors import Conflict, Invalid
from autotag.domain.model.audit import iso
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules
from autotag.domain.rules.versions import Published, rulebook_of
from autotag.ports.rules import RuleStore
from autotag.ports.runtime import Clock, Telemetry


class PushRules(Struct, frozen=True, forbid_unknown_fields=True, tag="push_rules", tag_field="op"):
    """A request to publish the rules in ``text``; ``seq``, if given, is the push that they must replace (0: none)."""

    text: Annotated[str, Meta(max_length=1_000_000)]
    seq: Annotated[int, Meta(ge=0)] | None = None


class ShowRules(Struct, frozen=True, forbid_unknown_fields=True, tag="rules", tag_field="op"):
    """A request for the active rules and those that a worker has last loaded; with ``text``, for their texts too."""

    text: bool = False


class Pushed(Struct, frozen=True):
    """The result of a push. ``changed`` is false if the same version was active already, under ``seq``."""

    version: str
    seq: int
    changed: bool


def push(rule_store: RuleStore, request: PushRules, by: str, clock: Clock, telemetry: Telemetry) -> Pushed:
    """Store and publish rules in the name of ``by``.

    Raises ``Invalid`` with every error of the text, or if its version is stored damaged, and ``Conflict`` if another
    caller has pushed meanwhile.
    """
    ruleset = Ruleset(parse_rules(request.text))
    known = rule_store.publication.current() or Published()
    if request.seq is not None and request.seq != known.seq:
        raise Conflict(f"rules {known.seq} are active by now, pushed by {known.pushed_by or 'no one'}")
    rule_store.versions.remember_rules(ruleset.version, request.text)
    rulebook_of(ruleset.version, rule_store.versions.rules_text(ruleset.version))  # as workers will read it
    if known.seq and known.hash == ruleset.version:
        return Pushed(ruleset.version, known.seq, changed=False)
    if known.seq:  # it is recorded before it is replaced, so that no push is ever missing among those listed
        rule_store.versions.remember_push(known)
    new = Published(ruleset.version, known.seq + 1, by, clock.now(), name=ruleset.name)
    if not rule_store.publication.publish(new, expected=known.seq):
        raise Conflict("another caller has pushed rules at this moment")
    telemetry.info("rules_pushed", version=new.hash, seq=new.seq, by=by)
    return Pushed(new.hash, new.seq, changed=True)


def describe_rules(rule_store: RuleStore, request: ShowRules) -> dict[str, Any]:
    """Return which rules are active and which are the last good ones; the deployed ones if none were pushed.

    ``fault`` is the error of a version that cannot be read.
    """
    published = rule_store.publication.current()
    if published is None:
        ruleset, text = rule_store.deployed.ruleset, rule_store.deployed.text
        return {"active": _described(ruleset.version, 0, ruleset, text, request) | _pushed("", 0), "last_good": None}
    active = _stored(rule_store, published.hash, published.seq, request) | _pushed(
        published.pushed_by, published.pushed_at
    )
    good = published.last_good_seq
    return {
        "active": active,
        "last_good": _stored(rule_store, published.last_good_hash, good, request) if good else None,
    }


def _stored(rule_store: RuleStore, version: str, seq: int, request: ShowRules) -> dict[str, Any]:
    try:
        text = rule_store.versions.rules_text(version)
        return _described(version, seq, rulebook_of(version, text), text, request)
    except Invalid as error:
        return {"version": version, "seq": seq, "name": None, "fault": str(error)}


def _described(version: str, seq: int, ruleset: Ruleset, text: str | None, request: ShowRules) -> dict[str, Any]:
    described = {"version": version, "seq": seq, "name": ruleset.name, "fault": None}
    return described | {"text": text} if request.text else described


def _pushed(by: str, at: int) -> dict[str, Any]:
    return {"pushed_by": by or None, "pushed_at": iso(at) if at else None}
