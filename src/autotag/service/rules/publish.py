"""Requests to push rules, and to report which are active."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from autotag.domain.errors import Conflict, Invalid
from autotag.domain.model.audit import iso
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules
from autotag.domain.rules.versions import Published, StoredVersion, ruleset_of
from autotag.ports.rules import RuleStore
from autotag.ports.runtime import Clock, Telemetry

MAX_SETS = 131_072
"""Maximum size of the names and labels of categories, in bytes: they share an item of 400 KB with the text.

The list of label model 3.0 has 45,000 bytes in all its categories.
"""

Name = Annotated[str, Meta(max_length=1000)]


class PushRules(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="push_rules", tag_field="op"):
    """A request to publish the rules in ``text``; ``seq``, if given, is the push that they must replace (0: none).

    ``sets`` are the labels of the categories that the text names; others do not count.
    """

    text: Annotated[str, Meta(max_length=1_000_000)]
    seq: Annotated[int, Meta(ge=0)] | None = None
    sets: dict[Name, tuple[Name, ...]] = {}


class ShowRules(Struct, frozen=True, forbid_unknown_fields=True, tag="rules", tag_field="op"):
    """A request for the active rules and those that a worker has last loaded.

    With ``text``, for their texts too, and for the labels of the categories that they name.
    """

    text: bool = False


class Pushed(Struct, frozen=True):
    """The result of a push. ``changed`` is false if the same version was active already, under ``seq``."""

    version: str
    seq: int
    changed: bool


def push(rule_store: RuleStore, request: PushRules, by: str, clock: Clock, telemetry: Telemetry) -> Pushed:
    """Store and publish rules in the name of ``by``.

    Raises ``Invalid`` with every error of the text, if a category that it names has no set, or if its version is stored
    damaged, and ``Conflict`` if another caller has pushed meanwhile.
    """
    ruleset = Ruleset(parse_rules(request.text), request.sets)
    size = sum(len(each.encode()) for name, labels in ruleset.sets.items() for each in (name, *labels))
    if size > MAX_SETS:
        raise Invalid("categories", f"their labels have {size:,} bytes, expected at most {MAX_SETS:,}: name fewer")
    known = rule_store.publication.current() or Published()
    if request.seq is not None and request.seq != known.seq:
        raise Conflict(f"rules {known.seq} are active by now, pushed by {known.pushed_by or 'no one'}")
    rule_store.versions.remember_rules(ruleset.version, StoredVersion(request.text, ruleset.sets))
    ruleset_of(ruleset.version, rule_store.versions.stored_rules(ruleset.version))  # as workers will read it
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
        ruleset, deployed = rule_store.deployed.ruleset, StoredVersion(rule_store.deployed.text)
        active = _described(ruleset.version, 0, ruleset, deployed, request)
        return {"active": active | _pushed("", 0), "last_good": None}
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
        stored = rule_store.versions.stored_rules(version)
        return _described(version, seq, ruleset_of(version, stored), stored, request)
    except Invalid as error:
        return {"version": version, "seq": seq, "name": None, "fault": str(error)}


def _described(
    version: str, seq: int, ruleset: Ruleset, stored: StoredVersion | None, request: ShowRules
) -> dict[str, Any]:
    described: dict[str, Any] = {"version": version, "seq": seq, "name": ruleset.name, "fault": None}
    if request.text and stored is not None:
        described |= {"text": stored.text} | ({"sets": stored.sets} if stored.sets else {})
    return described


def _pushed(by: str, at: int) -> dict[str, Any]:
    return {"pushed_by": by or None, "pushed_at": iso(at) if at else None}
