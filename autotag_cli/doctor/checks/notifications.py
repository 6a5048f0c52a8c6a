"""Checks of notifications: signatures, the keys that sign, the webhook."""

from autotag.domain.sentences.operations.result import Result, Unknown, unknown
from autotag_cli.doctor.facts import Facts
from autotag_cli.doctor.work import WEBHOOK
from autotag_cli.setup.diagnosis import Diagnosis, explain_mismatch
from autotag_cli.setup.trigger_plan import points_to
from autotag_cli.setup.triggers import Trigger

VERIFIABLE = ("default", "legacy_hmac", None)
"""Schemes whose signature can be verified; None: Cloudinary does not report the scheme."""


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
        return _ended(facts, signer, refused=len(refused))
    finding = f"the last notification was signed with {signer}, which the stack knows"
    if refused:
        cause = "they were forged, or a key was rotated on one side only"
        finding = f"{finding}; {len(refused)} were refused since then: {cause}"
        return Result(name, "warn", finding, "see docs/operations.md, WebhookRejections")
    return Result(name, "ok", finding)


def _ended(facts: Facts, signer: str, *, refused: int) -> Result:
    """Return the result for a last notification by a key that may no longer sign.

    That is right only where the key was withdrawn, and Cloudinary has sent nothing since that was refused.
    """
    finding = f"the last notification was signed with {signer}, which may no longer sign"
    fix = f"{facts.setup_command(' --signing-keys -')}, and type {signer}:SECRET"
    withdrawn = signer in facts.withdrawn_keys()
    if withdrawn and not refused:
        finding = f"{finding}, since it was withdrawn; whether Cloudinary signs with another key by now is not known"
        return Result(
            "signing key", "warn", finding, f"{facts.setup_command()}, which sends a probe; if that is refused: {fix}"
        )
    since = f"{refused} refused since then" if refused else "and it was not withdrawn"
    known = ", ".join(facts.signing_secrets()) or "none"
    return Result("signing key", "fail", f"{finding} ({since}); the stack knows only {known}", fix)


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
        return Result(name, "warn", finding, _separate(facts, writer))
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


def _separate(facts: Facts, writer: str) -> str:
    """Return how the keys are separated: the one that Cloudinary does not sign with only writes from then on."""
    accepted = [] if isinstance(facts.log, Unknown) else [e for e in facts.log if e.message == "accepted"]
    if accepted and accepted[-1].key_id in facts.signing_secrets().keys() - {writer}:
        return f"Cloudinary signs with {accepted[-1].key_id}: {facts.setup_command(f' --withdraw {writer}')}"
    command = facts.setup_command(" --writer-key-dedicated --withdraw NEW_KEY")
    return (
        f"make another API key, NEW_KEY, put it into CLOUDINARY_URL, then {command}: "
        f"{writer} signs on, and NEW_KEY only writes"
    )


def webhook(facts: Facts) -> Result:
    """Check that the webhook can be reached and accepts what is signed with each key."""
    name = "door"
    match facts.webhook:
        case None:
            return Result(name, "ok", "there is no webhook: notifications are fetched from the poll channel")
        case Unknown():
            return unknown(name, facts.webhook)
        case Diagnosis("", _):
            keys = ", ".join(facts.signing_secrets())
            return Result(name, "ok", f"the webhook accepts what is signed with the keys that the stack knows: {keys}")
        case Diagnosis(problem, fix):
            if closed := facts.stopped_function(WEBHOOK):
                return Result(name, "fail", closed.finding, closed.fix)
            return Result(name, "fail", problem, facts.as_commands(fix))


def _events(triggers: list[Trigger]) -> str:
    return f"{', '.join(sorted({trigger.event_type for trigger in triggers}))} is"
