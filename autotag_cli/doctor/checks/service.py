"""Checks of the service itself: ops function, clocks, what is stopped, dead letters, due work, breaker, rules."""

from autotag_cli.doctor.checks.result import Result, State, Unknown, unknown
from autotag_cli.doctor.durations import MINUTE, clock_difference, duration_text, seconds_since
from autotag_cli.doctor.facts import Facts

_OFF = 30.0
"""Seconds by which clocks may differ without a warning."""

_LATE = {"intent": (5 * MINUTE, 15 * MINUTE), "poll": (5 * MINUTE, 60 * MINUTE)}
"""Seconds overdue above which to warn and to fail; the poller runs every minute."""


def ops(facts: Facts) -> Result:
    """Check that the ops function answers and can read everything."""
    if facts.foreign_architecture:
        finding = (
            f"the functions run on {facts.foreign_architecture}, and the package was built for another processor: "
            "none of them starts (No module named 'msgspec._core')"
        )
        return Result(
            "ops function", "fail", finding, f"{facts.deploy_command()}, which builds for the stack's processor"
        )
    if isinstance(facts.health, Unknown):
        return Result("ops function", "fail", facts.health.why, f"{facts.deploy_command()}, or sign in to AWS")
    errors = "; ".join(facts.health["faults"].values())
    if errors:
        return Result("ops function", "fail", f"it cannot read everything: {errors}", facts.deploy_command())
    return Result("ops function", "ok", "it answers")


def clock(facts: Facts) -> Result:
    """Check that the clocks of Cloudinary, the functions and this machine agree."""
    name, (cloudinary, service) = "clock", facts.clocks
    if service is None or cloudinary is None:
        return unknown(
            name, Unknown(f"{'the ops function' if service is None else 'Cloudinary'} did not report its time")
        )
    settings = facts.health_part("settings")
    most = 300 if isinstance(settings, Unknown) else settings["signature_max_skew_seconds"]
    ahead = cloudinary - service
    finding = f"Cloudinary's clock is {clock_difference(ahead)} the functions' clocks"
    if abs(ahead) > most:
        finding = f"{finding}; the webhook accepts at most {most} s"
        fix = "wait, or deploy with a larger SignatureMaxSkewSeconds; report it to the operator of the wrong clock"
        return Result(name, "fail", finding, fix)
    if abs(ahead) > _OFF:
        return Result(name, "warn", finding, "run autotag doctor again later")
    if abs(service) > _OFF:
        finding = f"this machine's clock is {clock_difference(-service)} AWS's; from five minutes on AWS refuses calls"
        return Result(name, "warn", finding, "set this machine's clock")
    return Result(name, "ok", "the clocks of Cloudinary, the functions and this machine agree within seconds")


def stopped(facts: Facts) -> Result:
    """Check that nothing is stopped: the worker's event source mappings, the schedules, the functions."""
    name = "running"
    if isinstance(facts.stopped, Unknown):
        return unknown(name, facts.stopped)
    if not facts.stopped:
        return Result(name, "ok", "queues are served, schedules are enabled, and no function is turned off")
    finding = "; ".join(each.finding for each in facts.stopped)
    return Result(name, "fail", finding, "; ".join(each.fix for each in facts.stopped))


def dead_letters(facts: Facts) -> Result:
    """Check that the dead-letter queues are empty."""
    name, queues = "dead letters", facts.health_part("queues")
    if isinstance(queues, Unknown):
        return unknown(name, queues)
    outputs = {
        "live_dead": "DeadLetterQueueUrl",
        "bulk_dead": "BulkDeadLetterQueueUrl",
        "export_dead": "ExportDeadLetterQueueUrl",
    }
    held = {each: sum(queues[each].values()) for each in outputs if each in queues}  # exports are optional
    full = [each for each, count in held.items() if count]
    if not full:
        return Result(name, "ok", "there are none")
    counts = ", ".join(f"{held[each]:,} of the {each.removesuffix('_dead')} queue" for each in full)
    url = facts.outputs.get(outputs[full[0]], "")
    arn = f"$(aws sqs get-queue-attributes --queue-url {url} --attribute-names QueueArn"
    redrive = f"aws sqs start-message-move-task --source-arn {arn} --query Attributes.QueueArn --output text)"
    return Result(
        name,
        "fail",
        f"messages that could not be handled: {counts}",
        f"fix the cause (docs/operations.md), then {redrive}",
    )


def due(facts: Facts) -> Result:
    """Check that the poller keeps up with the work that is due."""
    name, work = "pending work", facts.health_part("due")
    if isinstance(work, Unknown):
        return unknown(name, work)
    state: State = "ok"
    overdue = []
    for kind, words in (("intent", "the tag changes of asset"), ("poll", "the read of asset")):
        if work[kind] is None:
            continue
        late = seconds_since(facts, work[kind]["due_at"])
        warn, fail = _LATE[kind]
        if late <= warn:
            continue
        state = "fail" if late > fail or state == "fail" else "warn"
        verb = "is" if kind == "poll" else "are"
        overdue.append(f"{words} {work[kind]['asset_id']} {verb} overdue by {duration_text(late)}")
    if not overdue:
        return Result(name, "ok", "nothing is overdue")
    resume = "; ".join(each.fix for each in facts.stopped_work("poller"))
    fix = resume or "make sure that the poller runs: docs/operations.md, Stopping and resuming, and PollerStopped"
    return Result(name, state, "; ".join(overdue), fix)


def lost_intents(facts: Facts) -> Result:
    """Check that no open intent waits for a message that may be gone, as after a restoration of the table."""
    name, found = "lost intents", facts.lost_intents
    if isinstance(found, Unknown):
        return unknown(name, found)
    count = len(found.assets)
    more = "" if found.complete else " in the part of the table that was read in 15 s; --mend reads all of it"
    if count and found.mended:
        return Result(name, "ok", f"the workers were told to finish {count:,}; the command finds those that are left")
    if count:
        finding = f"the tag changes of {count:,} assets wait for messages that may be gone, such as {found.assets[0]}"
        return Result(name, "warn", f"{finding}{more}", f"autotag doctor{facts.option} --mend")
    return Result(name, "ok", f"no tag change waits for a message that may be gone{more}")


def review(facts: Facts) -> Result:
    """Check that the index of the review queue knows the tags of every question."""
    name, found = "review", facts.questions
    if isinstance(found, Unknown):
        return unknown(name, found)
    finding = f"{found.questions:,} questions about {found.assets:,} assets wait"
    if found.unindexed:
        finding = f"{finding}; {found.unindexed:,} of them were stored by an earlier release, without their tags"
        return Result(name, "warn", finding, f"autotag retag{facts.option}")
    return Result(name, "ok", finding if found.assets else "no question waits")


def breaker(facts: Facts) -> Result:
    """Check that the circuit breaker is closed, so that the service calls Cloudinary."""
    name, stop = "breaker", facts.health_part("breaker")
    if isinstance(stop, Unknown):
        return unknown(name, stop)
    if stop is None:
        return Result(name, "ok", "closed: Cloudinary is called")
    return Result(
        name, "fail", f"no calls to Cloudinary until {stop['until']}: {stop['reason']}", facts.setup_command()
    )


def rules(facts: Facts) -> Result:
    """Check that the rules that were pushed last can be read, and that a worker has loaded them."""
    name, state = "rules", facts.health_part("rules")
    push = f"autotag rules push FILE{facts.option}"
    if isinstance(state, Unknown):
        return Result(name, "fail", f"the active rules cannot be determined: {state.why}", push)
    active, good = state["active"], state["last_good"]
    if active["fault"] is not None:
        used = f"number {good['seq']} stays in use" if good else "the rules deployed with the stack stay in use"
        return Result(name, "fail", f"number {active['seq']} cannot be read ({active['fault']}); {used}", push)
    finding = f"{active['name']}, version {active['version'][:12]}, number {active['seq']}"
    if (
        active["seq"]
        and (good is None or good["seq"] < active["seq"])
        and seconds_since(facts, active["pushed_at"]) > MINUTE * 5
    ):
        return Result(name, "warn", f"{finding}; no worker has loaded them yet", "upload something, or autotag setup")
    return Result(name, "ok", finding if active["seq"] else f"{finding}: the rules deployed with the stack")
