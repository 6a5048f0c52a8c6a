"""Checks of the Cloudinary account: secret, credentials, cloud, data center, add-on, Admin API calls, overwrites."""

from datetime import UTC, datetime

from autotag.domain.model.labels import ADDONS
from autotag.domain.sentences.operations.result import Result, Unknown, unknown
from autotag_cli.doctor.facts import Facts, PingResult
from autotag_cli.setup.overwrite_probe import describe_keeps_tags, stored_keeps_tags

_SOON = 0.9
"""Used share of an add-on's units (0 to 1) from which on to warn."""


def secret(facts: Facts) -> Result:
    """Check that the stack's secret holds the document that the functions read."""
    if isinstance(facts.document, Unknown):
        return Result("secret", "fail", facts.document.why, "sign in to AWS with permission to read the stack's secret")
    document, problem = facts.document
    if problem:
        return Result("secret", "fail", f"the stack's secret is not usable: {problem}", facts.setup_command())
    return Result("secret", "ok", f"it holds the API key {document['api_key']} of {document['cloud_name']}")


def credentials(facts: Facts) -> Result:
    """Check that Cloudinary accepts the secret's credentials, and that CLOUDINARY_URL holds the same."""
    name = "credentials"
    if facts.service is None:
        return Result(name, "fail", "there are none in the stack's secret", facts.setup_command())
    if facts.service.status == 401:
        return Result(
            name, "fail", "Cloudinary does not accept the credentials in the stack's secret", facts.setup_command()
        )
    if not facts.service.accepted:
        return Result(name, "fail", f"they could not be tried: {facts.service.error}", "try again later")
    document = {} if isinstance(facts.document, Unknown) else facts.document[0]
    key = document.get("api_key")
    if isinstance(facts.account, Unknown):
        return Result(
            name, "ok", f"Cloudinary accepts the API key {key}; CLOUDINARY_URL is not set, so they were not compared"
        )
    other = facts.account.api_key
    if (other, facts.account.api_secret) != (key, document.get("api_secret")):
        finding = f"Cloudinary accepts the API key {key}, but CLOUDINARY_URL has "
        return Result(
            name, "warn", finding + (f"another, {other}" if other != key else "another secret"), facts.setup_command()
        )
    return Result(name, "ok", f"Cloudinary accepts the API key {key}, which CLOUDINARY_URL has too")


def cloud(facts: Facts) -> Result:
    """Check that the secret and CLOUDINARY_URL name the same cloud."""
    document = {} if isinstance(facts.document, Unknown) else facts.document[0]
    name = document.get("cloud_name")
    if not name:
        return Result("cloud", "fail", "the stack's secret names none", facts.setup_command())
    if isinstance(facts.account, Unknown) or facts.account.cloud_name == name:
        return Result("cloud", "ok", f"the stack works on {name}")
    finding = f"the stack works on {name}, but CLOUDINARY_URL names {facts.account.cloud_name}"
    return Result("cloud", "fail", finding, "set CLOUDINARY_URL to the stack's cloud, or name its stack with --stack")


def data_center(facts: Facts) -> Result:
    """Check that the API address that the stack calls serves this cloud."""
    name, pings = "data center", [called for called in (facts.service, facts.operator) if called is not None]
    settings = facts.health_part("settings")
    if isinstance(settings, Unknown):
        return unknown(name, settings)
    base = settings["cloudinary_api_base"]
    here = [called for called in pings if called.base == base]
    if any(called.accepted for called in here):
        return Result(name, "ok", f"{base} answers for this cloud")
    elsewhere = [called.base for called in pings if called.base != base and called.accepted]
    if elsewhere:
        fix = facts.deploy_command(f"CloudinaryApiBase={elsewhere[0]}")
        return Result(name, "fail", f"the stack calls {base}, but {elsewhere[0]} answers for this cloud", fix)
    if any(called.status is None for called in here):
        return Result(
            name, "fail", f"{base} does not answer: {_error(here)}", "check that the address is right, or wait"
        )
    return unknown(name, Unknown(f"{base} accepts no credentials that are known here"))


def add_on(facts: Facts) -> Result:
    """Check that an add-on whose labels the rules use is subscribed to and has units left."""
    name, usage = "add-on", facts.usage
    if isinstance(usage, Unknown):
        return unknown(name, usage)
    named = ("aws_rek_tagging",) if isinstance(facts.providers, Unknown) else facts.providers
    providers = tuple(each for each in named if each in ADDONS)
    if not providers:
        return Result(name, "ok", "the rules use the labels of none")
    subscribed = {each: usage[each] for each in providers if isinstance(usage.get(each), dict)}
    console = "Cloudinary Console, Add-ons"
    if not subscribed:
        finding = f"the account has no subscription to {' or '.join(providers)}, whose labels the rules use"
        return Result(name, "fail", finding, f"subscribe to it: {console}")
    left = {each: _left(usage_of_one) for each, usage_of_one in subscribed.items()}
    finding = ", ".join(f"{each} {_usage_text(subscribed[each])}" for each in subscribed)
    if all(share <= 0 for share in left.values()):
        fix = f"choose a larger plan: {console}; units are renewed every month"
        return Result(name, "fail", f"no units are left: {finding}", fix)
    if any(share <= 1 - _SOON for share in left.values()):
        return Result(name, "warn", f"few units are left: {finding}", f"choose a larger plan: {console}")
    return Result(name, "ok", finding)


def admin_budget(facts: Facts) -> Result:
    """Check that more Admin API calls are left than the reserve that the service leaves to other programs."""
    name, limits = "admin calls", facts.limits
    if limits is None:
        return unknown(name, Unknown("no answer of Cloudinary reported the limit"))
    until = datetime.fromtimestamp(limits.reset_at, UTC).strftime("%H:%M UTC")
    finding = f"{limits.remaining} of {limits.limit} are left until {until}"
    fix = f"wait until {until}; if it happens often, choose a larger plan or lower AdminReservePercent"
    if limits.remaining <= 0:
        return Result(name, "fail", f"{finding}: pending assets wait", fix)
    settings, budget = facts.health_part("settings"), facts.health_part("budget")
    reserve = 0 if isinstance(settings, Unknown) else limits.limit * settings["admin_reserve_percent"] // 100
    if limits.remaining <= reserve or (not isinstance(budget, Unknown) and budget["closed"]):
        kept = f"which the service leaves to other programs (reserve {reserve}): pending assets wait"
        return Result(name, "warn", f"{finding}, {kept}", fix)
    used = "" if isinstance(budget, Unknown) else f", the service has used {budget['used']}"
    return Result(name, "ok", f"{finding}{used}, the reserve is {reserve}")


def overwrites(facts: Facts) -> Result:
    """Check that the secret says whether an overwrite keeps tags.

    Without it the service does not know which tags an overwriting upload set.
    """
    name = "overwrites"
    if isinstance(facts.document, Unknown) or facts.document[1]:
        return unknown(name, Unknown("it depends on the secret"))
    keeps_tags = stored_keeps_tags(facts.document[0])
    if keeps_tags is None:
        return Result(name, "warn", describe_keeps_tags(None), facts.setup_command())
    return Result(name, "ok", describe_keeps_tags(keeps_tags))


def _error(pings: list[PingResult]) -> str:
    return next(ping.error for ping in pings if ping.status is None)


def _left(usage: dict[str, float]) -> float:
    """Return the share of units that is left; 1.0 without a limit."""
    limit = usage.get("limit")
    if limit is None:
        return 1.0
    return 1 - usage.get("usage", 0) / limit if limit > 0 else 0.0


def _usage_text(usage: dict[str, float]) -> str:
    limit = usage.get("limit")
    return f"{usage.get('usage', 0):,} of {limit:,} units used" if limit is not None else "without a limit"
