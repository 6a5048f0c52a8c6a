"""``autotag doctor`` as it is run: it asks everybody, changes nothing, and ends with what it found."""

import json
from typing import Any

import pytest
from typer.testing import Result

from autotag.domain.errors import Retryable
from autotag.domain.model.health import LastAudit
from tests.unit.autotag_cli.fake_ops import refusal
from tests.unit.autotag_cli.fake_site import DOCUMENT, HOOK, NOW, OUTPUTS, URL, FakeSite
from tests.unit.autotag_cli.run_command import autotag


def run(site: FakeSite, *arguments: str) -> Result:
    result = autotag("doctor", "--stack", "prod", *arguments, obj=site.environment)
    assert not any(secret in result.output for secret in ("signer", '"writer', "sekrit"))
    return result


def lines(site: FakeSite, code: int | None = None) -> dict[str, dict[str, Any]]:
    result = run(site, "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == (0 if told["ok"] else 1)
    assert code in (None, result.exit_code)
    return {line["name"]: line for line in told["lines"]}


def bad(site: FakeSite) -> dict[str, str]:
    return {name: line["state"] for name, line in lines(site).items() if line["state"] != "ok"}


@pytest.fixture
def site() -> FakeSite:
    """A stack that was set up, and has decided something."""
    site = FakeSite(DOCUMENT)
    assert autotag("setup", "--stack", "prod", obj=site.environment).exit_code == 0
    site.ops.ward.audit = LastAudit("a1.1.x", "2026-10-08T11:58:00.000Z", "tagged")
    return site


def test_a_stack_that_is_well_is_ok_in_every_line_and_nothing_is_changed(site: FakeSite) -> None:
    site.account.asked.clear()
    before = (site.aws.value, dict(site.account.triggers), site.aws.written)
    result = run(site)
    assert result.exit_code == 0, result.stdout
    assert {line.split()[0] for line in result.stdout.splitlines()} == {"ok"}
    assert before == (site.aws.value, site.account.triggers, site.aws.written)
    assert len(site.account.asked) == 4 and site.account.changes() == []


def test_every_line_has_a_name_of_its_own(site: FakeSite) -> None:
    told = json.loads(run(site, "--json").stdout)["lines"]
    assert len({line["name"] for line in told}) == len(told) == 21


def test_what_fails_is_told_with_its_command_and_ends_with_1(site: FakeSite) -> None:
    (rename,) = [name for name, made in site.account.triggers.items() if made["event_type"] == "rename"]
    del site.account.triggers[rename]
    result = run(site)
    assert result.exit_code == 1
    (line,) = [n for n, each in enumerate(result.stdout.splitlines()) if each.startswith("fail")]
    assert f"missing: rename -> {HOOK}" in result.stdout.splitlines()[line]
    assert result.stdout.splitlines()[line + 1].strip() == "fix: autotag setup --stack prod"


def test_a_warning_alone_is_no_failure(site: FakeSite) -> None:
    site.ops.ward.audit = None
    assert lines(site, 0)["last audit"]["state"] == "warn"


def test_a_stack_that_nobody_set_up() -> None:
    found = bad(FakeSite())
    assert {name for name, state in found.items() if state == "fail"} == {"secret", "credentials", "cloud", "triggers"}


def test_without_cloudinary_url_the_stacks_own_credentials_ask(site: FakeSite) -> None:
    site.variables.clear()
    assert bad(site) == {}


def test_with_another_key_of_the_same_cloud_the_difference_is_told(site: FakeSite) -> None:
    site.variables["CLOUDINARY_URL"] = "cloudinary://111:signer@demo"
    assert bad(site) == {"credentials": "warn"}


def test_a_secret_of_another_key_is_found_with_the_persons_own(site: FakeSite) -> None:
    site.aws.value = json.dumps(DOCUMENT | {"api_secret": "wrong"})
    found = lines(site, 1)
    assert bad(site) == {"credentials": "fail"} and found["credentials"]["mend"] == "autotag setup --stack prod"


def test_when_the_admin_calls_are_used_up_only_that_fails(site: FakeSite) -> None:
    site.account.remaining = 0
    assert bad(site) == {
        "admin calls": "fail",
        "add-on": "warn",
        "triggers": "warn",
        "old triggers": "warn",
        "signatures": "warn",
    }


def test_when_cloudinary_is_down_it_is_said_so(site: FakeSite) -> None:
    site.account.down = True
    found = lines(site, 1)
    assert {name for name, line in found.items() if line["state"] == "fail"} == {"credentials", "data centre"}
    assert "cannot be reached" in found["data centre"]["told"]


def test_when_the_ops_function_cannot_be_asked_the_rest_still_is(site: FakeSite) -> None:
    def post(url: str, headers: Any, body: bytes) -> Any:
        return refusal(403, "") if url == OUTPUTS["OpsUrl"] else site.environment.post(url, headers, body)

    environment = type(site.environment)(
        site.variables, (), site.environment.find, post, site.account, site.aws, lambda: NOW
    )
    result = autotag("doctor", "--stack", "prod", "--json", obj=environment)
    told = {line["name"]: line for line in json.loads(result.stdout)["lines"]}
    assert result.exit_code == 1
    assert told["ops function"]["state"] == "fail" and "lambda:InvokeFunctionUrl" in told["ops function"]["told"]
    assert {told[name]["state"] for name in ("queues", "dead letters", "breaker", "last audit", "clock")} == {"warn"}
    assert {told[name]["state"] for name in ("secret", "triggers", "add-on", "door")} == {"ok"}


def test_a_sign_that_the_function_cannot_read_hides_no_other(site: FakeSite) -> None:
    site.ops.ward.fails["queues"] = Retryable("SQS: AccessDenied")
    found = lines(site, 1)
    assert bad(site) == {"ops function": "fail", "queues": "warn", "dead letters": "warn"}
    assert "SQS: AccessDenied" in found["ops function"]["told"]


@pytest.mark.parametrize(
    ("denied", "states"),
    [
        ("FilterLogEvents", {"signing key": "warn"}),
        ("DescribeSecret", {}),
    ],
)
def test_what_aws_does_not_let_one_read_is_not_known(site: FakeSite, denied: str, states: dict[str, str]) -> None:
    site.aws.denied.add(denied)
    assert bad(site) == states


def test_who_may_not_read_the_secret_is_told_so(site: FakeSite) -> None:
    site.aws.denied.add("GetSecretValue")
    found = lines(site, 1)
    assert "AWS refused (AccessDeniedException)" in found["secret"]["told"]
    assert (found["door"]["state"], found["triggers"]["state"]) == ("warn", "ok")


def test_rules_that_go_by_another_add_on_ask_for_that_one(site: FakeSite) -> None:
    site.ops.shelf.push('[defaults]\nproviders = ["google_tagging"]\n')
    assert "google_tagging" in lines(site, 1)["add-on"]["told"]
    site.account.usage = {"google_tagging": {"usage": 0, "limit": 10}}
    assert lines(site)["add-on"]["state"] == "ok"


def test_a_stack_without_a_door(site: FakeSite) -> None:
    site.outputs = {name: url for name, url in OUTPUTS.items() if not name.startswith("Webhook")}
    site.outputs |= {"Intake": "poll", "PollChannel": "mine", "IntakeFunctionName": "intake"}
    assert autotag("setup", "--stack", "prod", obj=site.environment).exit_code == 0
    site.knocks = 0
    assert (bad(site), site.knocks) == ({}, 0)


def test_the_account_may_be_at_another_data_centre_than_the_stack_calls(site: FakeSite) -> None:
    site.variables["CLOUDINARY_URL"] = f"{URL}?upload_prefix=https://api-eu.cloudinary.com"
    site.account.keys_by_base = {"api.cloudinary.com": {}}
    found = lines(site, 1)
    assert "CloudinaryApiBase=https://api-eu.cloudinary.com" in found["data centre"]["mend"]
