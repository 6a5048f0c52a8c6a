"""Checks of notifications: triggers, signatures, the keys that sign, the webhook."""

from urllib.parse import urlsplit

from autotag_cli.doctor.checks.result import Result, Unknown, unknown
from autotag_cli.doctor.facts import Facts
from autotag_cli.setup.destinations import ALL, FACTS, same_destination
from autotag_cli.setup.diagnosis import Diagnosis, explain_mismatch
from autotag_cli.setup.trigger_plan import points_to
from autotag_cli.setup.triggers import Trigger

VERIFIABLE = ("default", "legacy_hmac", None)
"""Schemes whose signature can be verified; None: Cloudinary does not report the scheme."""


def triggers(facts: Facts) -> Result:
    """Check that each event has a trigger that points to this stack.

    Missing triggers of ``FACTS`` are only a warning: the service then works with older facts.
    """
    name = "triggers"
    if isinstance(facts.destinations, Unknown):
        return Result(name, "fail", facts.destinations.why, "sam build && sam deploy")
    if isinstance(facts.triggers, Unknown):
        return unknown(name, facts.triggers)
    missing = []
    for destination in facts.destinations:
        here = {t.event_type for t in facts.triggers if points_to(t, [destination.uri])}
        missing += [(event, destination.uri) for event in ALL if not here & {event, "all"}]
    if missing:
        finding = ", ".join(f"{event} -> {uri}" for event, uri in missing)
        if all(event in FACTS for event, _ in missing):
            outdated = "stored folders and context may be as old as the upload until autotag retag --refresh"
            return Result(name, "warn", f"missing: {finding}; {outdated}", facts.setup_command())
        return Result(name, "fail", f"missing: {finding}", facts.setup_command())
    return Result(
        name, "ok", f"{', '.join(ALL)} -> {' and '.join(destination.uri for destination in facts.destinations)}"
    )


def old_triggers(facts: Facts) -> Result:
    """Check that no trigger points to an earlier address of this stack or to an unknown Lambda function."""
    name = "old triggers"
    if isinstance(facts.triggers, Unknown):
        return unknown(name, facts.triggers)
    destinations = () if isinstance(facts.destinations, Unknown) else facts.destinations
    here = [destination.uri for destination in destinations]
    gone = [uri for uri in facts.stored_destinations if not any(same_destination(uri, each) for each in here)]
    old = {t.uri for t in facts.triggers if points_to(t, gone)}
    if old:
        finding = f"some still point to an earlier address of this stack: {', '.join(sorted(old))}"
        return Result(name, "warn", finding, facts.setup_command())
    others = {t.uri for t in facts.triggers if _is_function_url(t.uri) and not points_to(t, here)}
    if others:
        one, *more = sorted(others)
        addresses = ", ".join((one, *more))
        finding = f"some point to another function: {addresses}; it is of a removed stack or of another program"
        return Result(
            name, "warn", finding, f"if it was a stack of autotag: {facts.setup_command(f' --old-url {one}')}"
        )
    return Result(name, "ok", "none points to a removed stack")


def scheme(facts: Facts) -> Result:
    """Check that the stack's triggers send notifications that the service can verify and parse."""
    name = "signatures"
    if isinstance(facts.triggers, Unknown) or isinstance(facts.destinations, Unknown):
        return unknown(name, Unknown("it depends on the triggers"))
    own = [t for t in facts.triggers if points_to(t, [destination.uri for destination in facts.destinations])]
    if v2 := [t for t in own if t.auth_scheme not in VERIFIABLE]:
        finding = f"{_events(v2)} signed by {v2[0].auth_scheme}, which cannot be verified: each notification is refused"
        return Result(name, "fail", finding, facts.setup_command())
    if shaped := [t for t in own if t.payload_template]:
        return Result(
            name, "fail", f"{_events(shaped)} sent in a custom format (payload_template)", facts.setup_command()
        )
    if filtered := [t for t in own if t.filter]:
        return Result(
            name, "warn", f"{_events(filtered)} sent through a filter: the rest never arrives", facts.setup_command()
        )
    schemes = sorted({t.auth_scheme or "a scheme that Cloudinary does not report" for t in own})
    if not own:
        return unknown(name, Unknown("there is no trigger"))
    return Result(name, "ok", f"signed by {' and '.join(schemes)}")


def signing_key(facts: Facts) -> Result:
    """Check that the stack knows the key that Cloudinary signs with."""
    name = "signing key"
    if isinstance(facts.log, Unknown):
        return unknown(name, facts.log)
    known_keys = list(facts.signing_secrets())
    accepted = [entry for entry in facts.log if entry.message == "accepted"]
    since = accepted[-1].at if accepted else 0
    refused = [e for e in facts.log if (e.message, e.rule) == ("rejected", "mismatch") and e.at > since]
    foreign = [entry for entry in refused if entry.claimed_key and entry.claimed_key not in known_keys]
    if foreign or (refused and not accepted):
        diagnosis = explain_mismatch((foreign or refused)[-1].claimed_key, known_keys)
        return Result(name, "fail", diagnosis.problem, diagnosis.fix.replace("autotag setup", facts.setup_command()))
    if not accepted:
        finding = f"not known, no notification came within a day; the stack knows {', '.join(known_keys) or 'none'}"
        return Result(name, "warn", finding, f"{facts.setup_command()}, which sends a probe")
    signer = accepted[-1].key_id
    if signer not in known_keys:
        finding = f"the last notification was signed with {signer}, which the stack no longer knows"
        fix = f"if Cloudinary still signs with it: {facts.setup_command(' --signing-keys -')}, and type {signer}:SECRET"
        return Result(name, "warn", finding, fix)
    finding = f"the last notification was signed with {signer}, which the stack knows"
    if refused:
        cause = "they were forged, or a key was rotated on one side only"
        finding = f"{finding}; {len(refused)} were refused since then: {cause}"
        return Result(name, "warn", finding, "see docs/operations.md, WebhookRejections")
    return Result(name, "ok", finding)


def key_use(facts: Facts) -> Result:
    """Check that the key that the service calls with signs no notifications and is used by autotag alone.

    A client that gets upload parameters signed with a key could use that signature to forge a notification. With a key
    of its own, the service recognizes the notifications of its own writes for sure.
    """
    name = "key use"
    if isinstance(facts.document, Unknown) or facts.document[1]:
        return unknown(name, Unknown("it depends on the secret"))
    document = facts.document[0]
    writer = document["api_key"]
    if writer in facts.signing_secrets():
        finding = (
            f"the key {writer} both calls the API and may sign notifications: a client that gets upload parameters "
            "signed with it could forge a notification; a key for notifications alone is safer"
        )
        fix = (
            "make another API key, put it into CLOUDINARY_URL, then "
            f"{facts.setup_command(' --writer-key-dedicated --signing-keys -')}, and type {writer}:SECRET"
        )
        return Result(name, "warn", finding, fix)
    if not document.get("writer_key_dedicated"):
        finding = (
            f"the key {writer} is not marked as used by autotag alone, so the webhook accepts the notifications of "
            "autotag's own writes"
        )
        return Result(
            name, "warn", finding, f"if no other program uses it: {facts.setup_command(' --writer-key-dedicated')}"
        )
    finding = f"the key {writer} only writes, and only autotag uses it; {', '.join(facts.signing_secrets())} may sign"
    return Result(name, "ok", finding)


def webhook(facts: Facts) -> Result:
    """Check that the webhook can be reached and accepts what is signed with each key."""
    name = "door"
    match facts.webhook:
        case None:
            return Result(name, "ok", "there is no webhook: notifications are fetched from the poll channel")
        case Unknown():
            return unknown(name, facts.webhook)
        case Diagnosis("", _):
            return Result(name, "ok", f"the webhook accepts what is signed with {', '.join(facts.signing_secrets())}")
        case Diagnosis(problem, fix):
            return Result(name, "fail", problem, fix.replace("autotag setup", facts.setup_command()))


def _is_function_url(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
    except ValueError:
        return False
    return ".lambda-url." in (parts.hostname or "") or parts.path.startswith("/_aws/lambda-url/")


def _events(triggers: list[Trigger]) -> str:
    return f"{', '.join(sorted({trigger.event_type for trigger in triggers}))} is"
