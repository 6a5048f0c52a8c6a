"""Check of Rekognition as a provider: asked where the rules name it, within its calls of a day, by the same model."""

from datetime import UTC, datetime

from autotag.domain.model.labels import REKOGNITION
from autotag.domain.sentences.operations.result import Result, Unknown, unknown
from autotag_cli.doctor.facts import Facts

_NEWS = 30 * 86_400
"""Seconds for which another label model is told."""


def rekognition(facts: Facts) -> Result:
    """Check that the parameter and the rules agree, that calls of the day are left, and that the model is the same."""
    name = REKOGNITION
    settings = facts.health_part("settings")
    if isinstance(settings, Unknown):
        return unknown(name, settings)
    if isinstance(facts.providers, Unknown):
        return unknown(name, facts.providers)
    source, named = settings.get("rekognition", "off"), REKOGNITION in facts.providers
    if source == "off" and not named:
        return Result(name, "ok", "it is not asked")
    if source == "off":
        finding = "the rules name it as a provider, and the stack does not ask it (Rekognition=off)"
        return Result(name, "warn", finding, facts.deploy_command("Rekognition=url"))
    if not named:
        finding = f"the stack may ask it (Rekognition={source}), and the rules do not name it as a provider"
        return Result(name, "warn", finding, f"name it there, or {facts.deploy_command('Rekognition=off')}")
    if source == "s3" and not settings.get("originals_bucket"):
        finding = "it is to look at originals (Rekognition=s3), and no bucket is named: it looks at delivered pictures"
        return Result(name, "warn", finding, facts.deploy_command("OriginalsBucket=BUCKET"))
    return _used(facts, source)


def _used(facts: Facts, source: str) -> Result:
    name, usage = REKOGNITION, facts.health_part("detection")
    if isinstance(usage, Unknown):
        return unknown(name, usage)
    if not usage["cap"]:
        finding = f"it is not asked (Rekognition={source}, DetectPerDay=0): images are decided on without its labels"
        return Result(name, "warn", finding, facts.deploy_command("DetectPerDay=NUMBER"))
    finding = f"{usage['used']:,} of {usage['cap']:,} calls of this day (UTC) are used, source {source}"
    if usage["used"] >= usage["cap"]:
        return Result(
            name, "warn", f"{finding}: images wait until midnight", facts.deploy_command("DetectPerDay=NUMBER")
        )
    model, earlier = usage["model"], usage["earlier"]
    if earlier and facts.now - usage["since"] / 1000 < _NEWS:
        since = datetime.fromtimestamp(usage["since"] / 1000, UTC).strftime("%Y-%m-%d")
        finding = f"label model {model} answers since {since}, {earlier} did before; {finding}"
        fix = "look for labels with another name: docs/operations.md, Another label model"
        return Result(name, "warn", finding, fix)
    return Result(name, "ok", f"{finding}{f', label model {model}' if model else ''}")
