"""Requests about the versions of rules that were ever pushed: who pushed which when, and the text of one."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from autotag.domain.errors import Invalid, Missing
from autotag.domain.model.audit import iso
from autotag.domain.rules.versions import Published, ruleset_of
from autotag.ports.rules import RuleStore


class ListPushes(Struct, frozen=True, forbid_unknown_fields=True, tag="rules_pushes", tag_field="op"):
    """A request for a page of pushes, the newest first; ``before`` is the number of the last one of the page before.

    Only an empty page is the last one. A release that did not record pushes left no more than its last one.
    """

    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    before: Annotated[int, Meta(ge=0)] = 0


class ShowVersion(Struct, frozen=True, forbid_unknown_fields=True, tag="rules_version", tag_field="op"):
    """A request for the text of a version of rules that was once used."""

    version: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]


def list_pushes(rule_store: RuleStore, request: ListPushes) -> dict[str, Any]:
    """Return pushes, the active one among them, each with its number, version, name, time (ISO 8601) and caller.

    Raises ``Invalid`` if the record of the active rules cannot be read.
    """
    active = rule_store.publication.current()
    found: list[Published] = []
    if active is not None and active.seq and (not request.before or active.seq < request.before):
        found.append(active)
    last = min((each for each in (request.before, active.seq if active else 0) if each), default=0)
    if last:
        found += rule_store.versions.pushes(request.limit - len(found), before=last)
    return {"pushes": [_described(each) for each in found[: request.limit]]}


def show_version(rule_store: RuleStore, request: ShowVersion) -> dict[str, Any]:
    """Return the name and the text of a version; ``fault`` is why it cannot be used, if it cannot.

    ``sets`` are the labels of the categories that it names, if it names any.
    Raises ``Missing`` if it is not stored, ``Invalid`` if what is stored is not a text.
    """
    stored = rule_store.versions.stored_rules(request.version)
    if stored is None:
        raise Missing(f"rules {request.version[:12]} are not stored")
    try:
        name, fault = ruleset_of(request.version, stored).name, None
    except Invalid as error:  # written for another release
        name, fault = None, str(error)
    found = {"version": request.version, "name": name, "fault": fault, "text": stored.text}
    return found | {"sets": stored.sets} if stored.sets else found


def _described(push: Published) -> dict[str, Any]:
    return {
        "seq": push.seq,
        "version": push.hash,
        "name": push.name or None,
        "pushed_by": push.pushed_by or None,
        "pushed_at": iso(push.pushed_at) if push.pushed_at else None,
    }
