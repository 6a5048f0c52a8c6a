"""What the doctor says of notifications: triggers, their signatures, the keys that sign, the door."""

from urllib.parse import urlsplit

from autotag_cli.doctor.checks.check import Line, Unknown, unknown
from autotag_cli.doctor.findings import Facts
from autotag_cli.setup.destinations import ALL, FACTS, same_place
from autotag_cli.setup.diagnosis import mismatch
from autotag_cli.setup.trigger_plan import leads_to
from autotag_cli.setup.triggers import Trigger
from autotag_cli.setup.webhook_ping import Knocked

VERIFIABLE = ("default", "legacy_hmac", None)
"""Schemes that send a signature which can be verified; None: Cloudinary does not tell."""


def triggers(facts: Facts) -> Line:
    """Every event that the service lives on leads here; without those of facts it works, by older ones."""
    name = "triggers"
    if isinstance(facts.wanted, Unknown):
        return Line(name, "fail", facts.wanted.why, "sam build && sam deploy")
    if isinstance(facts.triggers, Unknown):
        return unknown(name, facts.triggers)
    missing = []
    for place in facts.wanted:
        here = {t.event_type for t in facts.triggers if leads_to(t, [place.uri])}
        missing += [(event, place.uri) for event in ALL if not here & {event, "all"}]
    if missing:
        told = ", ".join(f"{event} -> {uri}" for event, uri in missing)
        if all(event in FACTS for event, _ in missing):
            told = f"{told}; folders and context of assets may be those of their uploads until autotag retag --refresh"
            return Line(name, "warn", f"missing: {told}", facts.setup())
        return Line(name, "fail", f"missing: {told}", facts.setup())
    return Line(name, "ok", f"{', '.join(ALL)} -> {' and '.join(place.uri for place in facts.wanted)}")


def old_triggers(facts: Facts) -> Line:
    """No trigger leads to where a stack of ours was once, or to another function of unknown use."""
    name = "old triggers"
    if isinstance(facts.triggers, Unknown):
        return unknown(name, facts.triggers)
    wanted = () if isinstance(facts.wanted, Unknown) else facts.wanted
    here = [place.uri for place in wanted]
    gone = [uri for uri in facts.remembered if not any(same_place(uri, each) for each in here)]
    old = {t.uri for t in facts.triggers if leads_to(t, gone)}
    if old:
        return Line(name, "warn", f"some still lead to where this stack was: {', '.join(sorted(old))}", facts.setup())
    others = {t.uri for t in facts.triggers if _is_function_url(t.uri) and not leads_to(t, here)}
    if others:
        one, *more = sorted(others)
        told = f"some lead to another function: {', '.join((one, *more))}; of a removed stack or of another program"
        return Line(name, "warn", told, f"if it was a stack of autotag: {facts.setup(f' --old-url {one}')}")
    return Line(name, "ok", "none leads to a stack that is gone")


def scheme(facts: Facts) -> Line:
    """Our triggers send what can be verified and understood."""
    name = "signatures"
    if isinstance(facts.triggers, Unknown) or isinstance(facts.wanted, Unknown):
        return unknown(name, Unknown("it depends on the triggers"))
    ours = [t for t in facts.triggers if leads_to(t, [place.uri for place in facts.wanted])]
    if v2 := [t for t in ours if t.auth_scheme not in VERIFIABLE]:
        told = f"{_events(v2)} signed by {v2[0].auth_scheme}, which nobody can verify: every one is refused"
        return Line(name, "fail", told, facts.setup())
    if shaped := [t for t in ours if t.payload_template]:
        return Line(name, "fail", f"{_events(shaped)} sent in a form of its own (payload_template)", facts.setup())
    if filtered := [t for t in ours if t.filter]:
        return Line(name, "warn", f"{_events(filtered)} sent through a filter, the rest is never told", facts.setup())
    schemes = sorted({t.auth_scheme or "a scheme that is not told" for t in ours})
    return Line(name, "ok", f"signed by {' and '.join(schemes)}") if ours else unknown(name, Unknown("no trigger"))


def signing_key(facts: Facts) -> Line:
    """The key that Cloudinary signs with is among those that the stack knows."""
    name = "signing key"
    if isinstance(facts.log, Unknown):
        return unknown(name, facts.log)
    ours = list(facts.ours())
    accepted = [entry for entry in facts.log if entry.message == "accepted"]
    since = accepted[-1].at if accepted else 0
    refused = [e for e in facts.log if (e.message, e.rule) == ("rejected", "mismatch") and e.at > since]
    strange = [entry for entry in refused if entry.claimed_key and entry.claimed_key not in ours]
    if strange or (refused and not accepted):
        found = mismatch((strange or refused)[-1].claimed_key, ours)
        return Line(name, "fail", found.fault, found.mend.replace("autotag setup", facts.setup()))
    if not accepted:
        told = f"not known, no notification came within a day; the stack knows {', '.join(ours) or 'none'}"
        return Line(name, "warn", told, f"{facts.setup()}, which sends a probe")
    signer = accepted[-1].key_id
    if signer not in ours:
        told = f"the last notification was signed with {signer}, which the stack knows no more"
        mend = f"if it signs on: {facts.setup(' --signing-keys -')}, and type {signer}:SECRET"
        return Line(name, "warn", told, mend)
    told = f"the last notification was signed with {signer}, which the stack knows"
    if refused:
        told = f"{told}; {len(refused)} were refused since then: somebody guesses, or a key was rotated on one side"
        return Line(name, "warn", told, "see docs/operations.md, WebhookRejections")
    return Line(name, "ok", told)


def key_use(facts: Facts) -> Line:
    """Nobody can have a forgery signed by having upload parameters signed, and our own echoes are known for sure."""
    name = "key use"
    if isinstance(facts.document, Unknown) or facts.document[1]:
        return unknown(name, Unknown("it depends on the secret"))
    document = facts.document[0]
    writer = document["api_key"]
    if writer in facts.ours():
        told = (
            f"the key {writer} both calls and may sign notifications: whoever can have upload parameters signed with "
            "it could forge one; a key for notifications alone is safer"
        )
        mend = (
            "make another API key, put it into CLOUDINARY_URL, then "
            f"{facts.setup(' --writer-key-dedicated --signing-keys -')}, and type {writer}:SECRET"
        )
        return Line(name, "warn", told, mend)
    if not document.get("writer_key_dedicated"):
        told = f"it is not said that nobody else calls with the key {writer}, so echoes of our writes pass the door"
        return Line(name, "warn", told, f"if so: {facts.setup(' --writer-key-dedicated')}")
    return Line(name, "ok", f"the key {writer} only writes, and nobody else has it; {', '.join(facts.ours())} may sign")


def door(facts: Facts) -> Line:
    """The webhook is reached and lets in what is signed with each key."""
    name = "door"
    match facts.door:
        case None:
            return Line(name, "ok", "there is none: notifications are fetched from the poll channel")
        case Unknown():
            return unknown(name, facts.door)
        case Knocked("", _):
            return Line(name, "ok", f"the webhook lets in what {', '.join(facts.ours())} has signed")
        case Knocked(fault, mend):
            return Line(name, "fail", fault, mend.replace("autotag setup", facts.setup()))


def _is_function_url(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
    except ValueError:
        return False
    return ".lambda-url." in (parts.hostname or "") or parts.path.startswith("/_aws/lambda-url/")


def _events(found: list[Trigger]) -> str:
    return f"{', '.join(sorted({trigger.event_type for trigger in found}))} is"
