"""Pushing rules, and telling which are active."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from autotag.domain.errors import Conflict, Invalid
from autotag.domain.model.audit import iso
from autotag.domain.rules.compiled.ruleset import Rulebook
from autotag.domain.rules.parse import parse_rules
from autotag.domain.rules.versions import Published, rulebook_of
from autotag.ports import Clock, Telemetry
from autotag.ports.rules import Shelf


class PushRules(Struct, frozen=True, forbid_unknown_fields=True, tag="push_rules", tag_field="op"):
    """Publish the rules in ``text``; ``seq`` is the number of the push that they replace (0: none), if that matters."""

    text: Annotated[str, Meta(max_length=1_000_000)]
    seq: Annotated[int, Meta(ge=0)] | None = None


class TellRules(Struct, frozen=True, forbid_unknown_fields=True, tag="rules", tag_field="op"):
    """Which rules are active, and which ones a worker has last taken up; with ``text``, what they say, too."""

    text: bool = False


class Pushed(Struct, frozen=True):
    """``changed`` is false where the same version was active already; then ``seq`` is that one's."""

    version: str
    seq: int
    changed: bool


def push(shelf: Shelf, asked: PushRules, by: str, clock: Clock, telemetry: Telemetry) -> Pushed:
    """Store and publish rules as ``by`` says.

    Raises ``Invalid`` with every fault of the text or where its version is stored damaged, ``Conflict`` where somebody
    else has pushed meanwhile.
    """
    rulebook = Rulebook(parse_rules(asked.text))
    known = shelf.publication.current() or Published()
    if asked.seq is not None and asked.seq != known.seq:
        raise Conflict(f"rules {known.seq} are active by now, pushed by {known.pushed_by or 'nobody'}")
    shelf.versions.remember_rules(rulebook.version, asked.text)
    rulebook_of(rulebook.version, shelf.versions.rules_text(rulebook.version))  # as workers will read it
    if known.seq and known.hash == rulebook.version:
        return Pushed(rulebook.version, known.seq, changed=False)
    new = Published(rulebook.version, known.seq + 1, by, clock.now())
    if not shelf.publication.publish(new, over=known.seq):
        raise Conflict("somebody else has pushed rules at this moment")
    telemetry.info("rules_pushed", version=new.hash, seq=new.seq, by=by)
    return Pushed(new.hash, new.seq, changed=True)


def tell(shelf: Shelf, asked: TellRules) -> dict[str, Any]:
    """Return which rules are active and which are the last good ones; those deployed where none were pushed.

    ``fault`` says why a version cannot be read, where it cannot.
    """
    published = shelf.publication.current()
    if published is None:
        rulebook, text = shelf.deployed.rulebook, shelf.deployed.text
        return {"active": _told(rulebook.version, 0, rulebook, text, asked) | _pushed("", 0), "last_good": None}
    active = _stored(shelf, published.hash, published.seq, asked) | _pushed(published.pushed_by, published.pushed_at)
    good = published.last_good_seq
    return {"active": active, "last_good": _stored(shelf, published.last_good_hash, good, asked) if good else None}


def _stored(shelf: Shelf, version: str, seq: int, asked: TellRules) -> dict[str, Any]:
    try:
        text = shelf.versions.rules_text(version)
        return _told(version, seq, rulebook_of(version, text), text, asked)
    except Invalid as error:
        return {"version": version, "seq": seq, "name": None, "fault": str(error)}


def _told(version: str, seq: int, rulebook: Rulebook, text: str | None, asked: TellRules) -> dict[str, Any]:
    told = {"version": version, "seq": seq, "name": rulebook.name, "fault": None}
    return told | {"text": text} if asked.text else told


def _pushed(by: str, at: int) -> dict[str, Any]:
    return {"pushed_by": by or None, "pushed_at": iso(at) if at else None}
