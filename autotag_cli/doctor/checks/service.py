"""What the doctor says of the service itself: clocks, queues, what is due, the breaker, rules, the last audit."""

from autotag_cli.doctor.checks.check import Line, State, Unknown, unknown
from autotag_cli.doctor.durations import MINUTE, age, off, span
from autotag_cli.doctor.findings import Facts

_MANY = 1000
_OFF = 30.0
"""Seconds by which a clock may be off without a word."""

_LATE = {"intent": (5 * MINUTE, 15 * MINUTE), "poll": (5 * MINUTE, 60 * MINUTE)}
"""Seconds overdue from which on to warn and to fail; the poller looks every minute."""


def ops(facts: Facts) -> Line:
    """The function that answers operators does so."""
    if isinstance(facts.health, Unknown):
        return Line("ops function", "fail", facts.health.why, "sam build && sam deploy, or sign in to AWS")
    faults = "; ".join(facts.health["faults"].values())
    if faults:
        return Line("ops function", "fail", f"it cannot read everything: {faults}", "sam build && sam deploy")
    return Line("ops function", "ok", "it answers")


def clock(facts: Facts) -> Line:
    """The clocks of Cloudinary, the functions and this machine agree."""
    name, (cloudinary, service) = "clock", facts.clocks
    if service is None or cloudinary is None:
        return unknown(
            name, Unknown(f"{'the ops function' if service is None else 'Cloudinary'} did not tell its time")
        )
    settings = facts.sign("settings")
    most = 300 if isinstance(settings, Unknown) else settings["signature_max_skew_seconds"]
    ahead = cloudinary - service
    if abs(ahead) > most:
        told = f"Cloudinary's clock is {off(ahead)} the functions': the door lets in {most} s"
        return Line(
            name, "fail", told, "wait, or deploy with a larger SignatureMaxSkewSeconds; tell who runs the clock"
        )
    if abs(ahead) > _OFF:
        return Line(name, "warn", f"Cloudinary's clock is {off(ahead)} the functions'", "keep an eye on it")
    if abs(service) > _OFF:
        told = f"this machine's clock is {off(-service)} AWS's, which refuses calls from five minutes on"
        return Line(name, "warn", told, "set this machine's clock")
    return Line(name, "ok", "Cloudinary's, the functions' and this machine's agree within seconds")


def queue(facts: Facts) -> Line:
    """The worker keeps up with what waits."""
    name, queues = "queues", facts.sign("queues")
    if isinstance(queues, Unknown):
        return unknown(name, queues)
    told = ", ".join(f"{each}: {queues[each]['waiting']:,} wait" for each in ("live", "bulk"))
    if queues["live"]["waiting"] >= _MANY:
        return Line(name, "warn", told, "raise WorkerConcurrency, or see docs/operations.md, QueueMessagesOld")
    return Line(name, "ok", told)


def dead_letters(facts: Facts) -> Line:
    """Nothing was given up."""
    name, queues = "dead letters", facts.sign("queues")
    if isinstance(queues, Unknown):
        return unknown(name, queues)
    outputs = {"live_dead": "DeadLetterQueueUrl", "bulk_dead": "BulkDeadLetterQueueUrl"}
    held = {each: sum(queues[each].values()) for each in outputs}
    full = [each for each, count in held.items() if count]
    if not full:
        return Line(name, "ok", "there is none")
    told = ", ".join(f"{held[each]:,} of the {each.removesuffix('_dead')} queue" for each in full)
    url = facts.outputs.get(outputs[full[0]], "")
    arn = f"$(aws sqs get-queue-attributes --queue-url {url} --attribute-names QueueArn"
    mend = f"aws sqs start-message-move-task --source-arn {arn} --query Attributes.QueueArn --output text)"
    return Line(name, "fail", f"{told} could not be handled", f"mend the cause (docs/operations.md), then {mend}")


def due(facts: Facts) -> Line:
    """The poller gets to what is due."""
    name, found = "pending work", facts.sign("due")
    if isinstance(found, Unknown):
        return unknown(name, found)
    state: State = "ok"
    told = []
    for kind, words in (("intent", "tags to be written"), ("poll", "an asset to be read")):
        if found[kind] is None:
            continue
        late = age(facts, found[kind]["due_at"])
        warn, fail = _LATE[kind]
        if late <= warn:
            continue
        state = "fail" if late > fail or state == "fail" else "warn"
        told.append(f"{words}, {found[kind]['asset_id']}, {'is' if kind == 'poll' else 'are'} overdue for {span(late)}")
    if not told:
        return Line(name, "ok", "nothing is overdue")
    mend = "see that the poller runs: docs/operations.md, Stopping and resuming, and PollerStopped"
    return Line(name, state, "; ".join(told), mend)


def breaker(facts: Facts) -> Line:
    """Cloudinary is called."""
    name, found = "breaker", facts.sign("breaker")
    if isinstance(found, Unknown):
        return unknown(name, found)
    if found is None:
        return Line(name, "ok", "closed: Cloudinary is called")
    return Line(name, "fail", f"no calls to Cloudinary until {found['until']}: {found['reason']}", facts.setup())


def rules(facts: Facts) -> Line:
    """The rules that were pushed last can be read, and are taken up."""
    name, found = "rules", facts.sign("rules")
    push = f"autotag rules push FILE{facts.option}"
    if isinstance(found, Unknown):
        return Line(name, "fail", f"it cannot be read which are active: {found.why}", push)
    active, good = found["active"], found["last_good"]
    if active["fault"] is not None:
        held = f"those of number {good['seq']} hold" if good else "those that were deployed hold"
        return Line(name, "fail", f"number {active['seq']} cannot be read ({active['fault']}), {held}", push)
    told = f"{active['name']}, version {active['version'][:12]}, number {active['seq']}"
    if active["seq"] and (good is None or good["seq"] < active["seq"]) and age(facts, active["pushed_at"]) > MINUTE * 5:
        return Line(name, "warn", f"{told}, and no worker has taken them up yet", "upload something, or autotag setup")
    return Line(name, "ok", told if active["seq"] else f"{told}: those that were deployed")


def last_audit(facts: Facts) -> Line:
    """Something was decided."""
    name, found = "last audit", facts.sign("last_audit")
    if isinstance(found, Unknown):
        return unknown(name, found)
    if found is None:
        return Line(name, "warn", "nothing was decided yet", f"{facts.setup()}, which sends a probe")
    return Line(name, "ok", f"{span(age(facts, found['at']))} ago: {found['outcome']}, {found['audit_id']}")
