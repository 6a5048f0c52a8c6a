"""The doctor's lines about the account: facts, and the state, finding and fix that are expected."""

from typing import Any

from autotag.domain.model.health import RateLimit
from autotag.domain.sentences.operations.result import Unknown
from autotag_cli.cloudinary.account import Account
from autotag_cli.doctor.checks import account as account_lines
from autotag_cli.doctor.facts import Facts, PingResult
from tests.unit.autotag_cli.doctor.doctor_facts import BASE, EU, NOBODY, WELL, healthy, well
from tests.unit.autotag_cli.fake_admin_account import NOW

REFUSED, LIMITED = PingResult(BASE, 401, "no"), PingResult(BASE, 420, "limit")
ACCOUNT: list[tuple[Any, Facts, str, str, str]] = [
    (account_lines.secret, WELL, "ok", "the API key 222 of demo", ""),
    (account_lines.secret, well(document=NOBODY), "fail", "somebody is down", "sign in to AWS"),
    (account_lines.secret, well(document=({}, "it holds nothing yet")), "fail", "nothing yet", "autotag setup"),
    (account_lines.credentials, WELL, "ok", "accepts the API key 222, which CLOUDINARY_URL has too", ""),
    (account_lines.credentials, well(service=LIMITED), "ok", "accepts", ""),
    (account_lines.credentials, well(account=Unknown("is not set")), "ok", "not compared", ""),
    (account_lines.credentials, well(account=Account("demo", "111", "x")), "warn", "another, 111", "autotag setup"),
    (account_lines.credentials, well(account=Account("demo", "222", "x")), "warn", "another secret", "autotag setup"),
    (account_lines.credentials, well(service=REFUSED), "fail", "does not accept", "autotag setup --stack prod"),
    (account_lines.credentials, well(service=None), "fail", "there are none", "autotag setup"),
    (
        account_lines.credentials,
        well(service=PingResult(BASE, None, "down")),
        "fail",
        "could not be tried: down",
        "later",
    ),
    (account_lines.cloud, WELL, "ok", "works on demo", ""),
    (account_lines.cloud, well(account=Unknown("is not set")), "ok", "works on demo", ""),
    (account_lines.cloud, well(account=Account("other", "1", "x")), "fail", "CLOUDINARY_URL names other", "--stack"),
    (account_lines.cloud, well(document=({}, "nothing")), "fail", "names none", "autotag setup"),
    (account_lines.data_center, WELL, "ok", f"{BASE} answers for this cloud", ""),
    (account_lines.data_center, well(service=REFUSED), "ok", "answers", ""),
    (
        account_lines.data_center,
        well(service=REFUSED, operator=PingResult(EU)),
        "fail",
        f"{EU} answers for this cloud",
        f"CloudinaryApiBase={EU}",
    ),
    (
        account_lines.data_center,
        well(service=PingResult(BASE, None, "it timed out"), operator=None),
        "fail",
        "does not answer: it timed out",
        "wait",
    ),
    (account_lines.data_center, well(service=REFUSED, operator=REFUSED), "warn", "accepts no credentials", ""),
    (account_lines.data_center, well(health=NOBODY), "warn", "not known: somebody is down", ""),
    (account_lines.add_on, WELL, "ok", "aws_rek_tagging 10 of 100 units used", ""),
    (account_lines.add_on, well(usage={"aws_rek_tagging": {"usage": 7}}), "ok", "without a limit", ""),
    (account_lines.add_on, well(usage={"aws_rek_tagging": {"usage": 91, "limit": 100}}), "warn", "few", "plan"),
    (account_lines.add_on, well(usage={"aws_rek_tagging": {"usage": 100, "limit": 100}}), "fail", "no units", "plan"),
    (
        account_lines.add_on,
        well(usage={n: {"usage": u, "limit": 9} for n, u in (("aws_rek_tagging", 9), ("google_tagging", 0))}),
        "warn",
        "few",
        "plan",
    ),
    (account_lines.add_on, well(usage={}), "fail", "no subscription to aws_rek_tagging or google_tagging", "subscribe"),
    (account_lines.add_on, well(usage={}, providers=NOBODY), "fail", "to aws_rek_tagging, whose", "subscribe"),
    (account_lines.add_on, well(usage=NOBODY), "warn", "not known: somebody is down", ""),
    (account_lines.admin_budget, WELL, "ok", "450 of 500 are left until 12:30 UTC", ""),
    (account_lines.admin_budget, well(limits=RateLimit(500, 100, int(NOW) + 1800)), "warn", "reserve 100", "12:30"),
    (
        account_lines.admin_budget,
        healthy(budget={"used": 9, "closed": True}),
        "warn",
        "leaves to other programs",
        "12:30",
    ),
    (
        account_lines.admin_budget,
        well(limits=RateLimit(500, 0, int(NOW) + 1800)),
        "fail",
        "0 of 500",
        "wait until 12:30",
    ),
    (account_lines.admin_budget, well(limits=RateLimit(500, 50, int(NOW)), health=NOBODY), "ok", "50 of 500", ""),
    (account_lines.admin_budget, well(limits=None), "warn", "not known", ""),
]
