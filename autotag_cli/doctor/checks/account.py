"""What the doctor says of the Cloudinary account: credentials, cloud, data centre, add-on, Admin calls."""

from datetime import UTC, datetime

from autotag_cli.doctor.checks.check import Line, Unknown, unknown
from autotag_cli.doctor.findings import Called, Facts
from autotag_cli.setup.overwrite_probe import in_words, known

_SOON = 0.9
"""Share of an add-on's units from which on somebody should know."""


def secret(facts: Facts) -> Line:
    """The stack's secret is the document that the functions read."""
    if isinstance(facts.document, Unknown):
        return Line("secret", "fail", facts.document.why, "sign in to AWS as somebody who may read the stack's secret")
    document, fault = facts.document
    if fault:
        return Line("secret", "fail", f"the stack's secret is no use: {fault}", facts.setup())
    return Line("secret", "ok", f"it holds the API key {document['api_key']} of {document['cloud_name']}")


def credentials(facts: Facts) -> Line:
    """Cloudinary takes the secret's credentials, and they are those that this shell works with."""
    name = "credentials"
    if facts.service is None:
        return Line(name, "fail", "there are none in the stack's secret", facts.setup())
    if facts.service.status == 401:
        return Line(name, "fail", "Cloudinary does not accept those in the stack's secret", facts.setup())
    if not facts.service.accepted:
        return Line(name, "fail", f"they could not be tried: {facts.service.fault}", "try again later")
    document = {} if isinstance(facts.document, Unknown) else facts.document[0]
    key = document.get("api_key")
    if isinstance(facts.account, Unknown):
        return Line(name, "ok", f"Cloudinary accepts the API key {key}; CLOUDINARY_URL is not set, so not compared")
    other = facts.account.api_key
    if (other, facts.account.api_secret) != (key, document.get("api_secret")):
        told = f"Cloudinary accepts the API key {key}, and CLOUDINARY_URL has "
        return Line(name, "warn", told + (f"another, {other}" if other != key else "another secret"), facts.setup())
    return Line(name, "ok", f"Cloudinary accepts the API key {key}, which CLOUDINARY_URL has too")


def cloud(facts: Facts) -> Line:
    """The stack works on the cloud that this shell works on."""
    document = {} if isinstance(facts.document, Unknown) else facts.document[0]
    name = document.get("cloud_name")
    if not name:
        return Line("cloud", "fail", "the stack's secret names none", facts.setup())
    if isinstance(facts.account, Unknown) or facts.account.cloud_name == name:
        return Line("cloud", "ok", f"the stack works on {name}")
    told = f"the stack works on {name}, and CLOUDINARY_URL names {facts.account.cloud_name}"
    return Line("cloud", "fail", told, "set CLOUDINARY_URL to the stack's cloud, or name its stack with --stack")


def data_centre(facts: Facts) -> Line:
    """The API that the stack calls answers for this cloud."""
    name, tried = "data centre", [called for called in (facts.service, facts.operator) if called is not None]
    settings = facts.sign("settings")
    if isinstance(settings, Unknown):
        return unknown(name, settings)
    base = settings["cloudinary_api_base"]
    here = [called for called in tried if called.base == base]
    if any(called.accepted for called in here):
        return Line(name, "ok", f"{base} answers for this cloud")
    elsewhere = [called.base for called in tried if called.base != base and called.accepted]
    if elsewhere:
        mend = f"sam build && sam deploy --parameter-overrides CloudinaryApiBase={elsewhere[0]}"
        return Line(name, "fail", f"the stack calls {base}, and {elsewhere[0]} answers for this cloud", mend)
    if any(called.status is None for called in here):
        return Line(name, "fail", f"{base} does not answer: {_fault(here)}", "look whether it is right, or wait")
    return unknown(name, Unknown(f"{base} accepts no credentials that are known here"))


def add_on(facts: Facts) -> Line:
    """An add-on that the rules go by is subscribed to, and has units left."""
    name, usage = "add-on", facts.usage
    if isinstance(usage, Unknown):
        return unknown(name, usage)
    providers = ("aws_rek_tagging",) if isinstance(facts.providers, Unknown) else facts.providers
    known = {each: usage[each] for each in providers if isinstance(usage.get(each), dict)}
    console = "Cloudinary Console, Add-ons"
    if not known:
        told = f"the account has no subscription of {' or '.join(providers)}, whose labels the rules go by"
        return Line(name, "fail", told, f"subscribe to it: {console}")
    left = {each: _left(meter) for each, meter in known.items()}
    told = ", ".join(f"{each} {_meter(known[each])}" for each in known)
    if all(share <= 0 for share in left.values()):
        return Line(
            name, "fail", f"no units are left: {told}", f"take a larger plan: {console}; units come back monthly"
        )
    if any(share <= 1 - _SOON for share in left.values()):
        return Line(name, "warn", f"few units are left: {told}", f"take a larger plan: {console}")
    return Line(name, "ok", told)


def admin_budget(facts: Facts) -> Line:
    """There are Admin calls left, more than the reserve that the service leaves to others."""
    name, limits = "admin calls", facts.limits
    if limits is None:
        return unknown(name, Unknown("no answer of Cloudinary told"))
    until = datetime.fromtimestamp(limits.reset_at, UTC).strftime("%H:%M UTC")
    told = f"{limits.remaining} of {limits.limit} are left until {until}"
    mend = f"wait until {until}; if it happens often, take a larger plan or lower AdminReservePercent"
    if limits.remaining <= 0:
        return Line(name, "fail", f"{told}: assets that are pending wait", mend)
    settings, budget = facts.sign("settings"), facts.sign("budget")
    reserve = 0 if isinstance(settings, Unknown) else limits.limit * settings["admin_reserve_percent"] // 100
    if limits.remaining <= reserve or (not isinstance(budget, Unknown) and budget["closed"]):
        return Line(name, "warn", f"{told}, which are left to others (reserve {reserve}): pending assets wait", mend)
    used = "" if isinstance(budget, Unknown) else f", the service has used {budget['used']}"
    return Line(name, "ok", f"{told}{used}, the reserve is {reserve}")


def overwrites(facts: Facts) -> Line:
    """Whether an overwrite keeps tags is known: without it nothing says which tags an overwriting upload brought."""
    name = "overwrites"
    if isinstance(facts.document, Unknown) or facts.document[1]:
        return unknown(name, Unknown("it depends on the secret"))
    keeps_tags = known(facts.document[0])
    if keeps_tags is None:
        return Line(name, "warn", in_words(None), facts.setup())
    return Line(name, "ok", in_words(keeps_tags))


def _fault(called: list[Called]) -> str:
    return next(each.fault for each in called if each.status is None)


def _left(meter: dict[str, float]) -> float:
    """Return the share of units that is left; without a limit all of them."""
    limit = meter.get("limit")
    if limit is None:
        return 1.0
    return 1 - meter.get("usage", 0) / limit if limit > 0 else 0.0


def _meter(meter: dict[str, float]) -> str:
    limit = meter.get("limit")
    return f"{meter.get('usage', 0):,} of {limit:,} units used" if limit is not None else "without a limit"
