"""Checks of the service itself: ops function, clocks, what is stopped, dead letters, due work, breaker, rules."""

from autotag.domain.sentences.operations import service_health
from autotag.domain.sentences.operations.result import Result, Unknown, unknown
from autotag_cli.doctor.durations import clock_difference
from autotag_cli.doctor.facts import Facts
from autotag_cli.doctor.readings import of_service

_OFF = 30.0
"""Seconds by which clocks may differ without a warning."""

dead_letters = of_service(service_health.dead_letters)
due = of_service(service_health.due)
review = of_service(service_health.review)
breaker = of_service(service_health.breaker)
rules = of_service(service_health.rules)


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
