"""``autotag setup``: what it does once, that it does nothing twice, and which link it names where one fails."""

import json
from typing import Any

import pytest
from typer.testing import Result

from autotag_cli.setup.destinations import ALL
from tests.unit.autotag_cli.fake_site import DOCUMENT, HOOK, NOW, OUTPUTS, URL, FakeSite
from tests.unit.autotag_cli.run_command import autotag

OWN = {"cloud_name": "demo", "api_key": "222", "api_secret": "writer"}
SECRETS = ("writer", "signer", "sekrit")


def run(site: FakeSite, *arguments: str, stdin: str | None = None) -> Result:
    result = autotag("setup", "--stack", "prod", *arguments, obj=site.environment, stdin=stdin)
    assert not any(secret in result.output for secret in SECRETS)
    return result


def steps(result: Result) -> dict[str, dict[str, Any]]:
    return {step["name"]: step for step in json.loads(result.stdout)["steps"]}


@pytest.fixture
def site() -> FakeSite:
    return FakeSite(DOCUMENT)


def test_a_new_stack_works_afterwards() -> None:
    site = FakeSite()
    site.signer = "222"
    result = run(site)

    assert result.exit_code == 0, result.output
    assert json.loads(site.aws.value or "") == OWN | {"keeps_tags": False}
    assert site.account.events() == sorted(ALL)
    assert {trigger["auth_scheme"] for trigger in site.account.triggers.values()} == {"legacy_hmac"}
    assert site.aws.tags == {"autotag:notified-at-webhook": HOOK}
    assert (site.knocks, site.images.assets) == (1, {})
    assert "accepts what is signed with 222" in result.stdout and "decided in 0.0 s, and destroyed" in result.stdout


def test_repeating_it_changes_nothing(site: FakeSite) -> None:
    first = run(site, "--json")
    assert json.loads(first.stdout)["changed"] is True
    before = (site.aws.value, site.aws.tags, dict(site.account.triggers))
    site.aws.asked.clear()
    site.account.asked.clear()

    second = run(site, "--json")
    assert (second.exit_code, json.loads(second.stdout)["changed"]) == (0, False)
    assert {steps(second)[name]["state"] for name in ("secret", "triggers")} == {"unchanged"}
    assert before == (site.aws.value, site.aws.tags, site.account.triggers)
    assert not {"PutSecretValue", "TagResource", "UntagResource"}.intersection(site.aws.asked)
    images = ["upload", "upload", "destroy", "upload", "destroy"]
    assert site.account.changes() == [("POST", f"image/{action}") for action in images]


def test_a_dry_run_says_everything_and_changes_nothing() -> None:
    site = FakeSite()
    result = run(site, "--dry-run", "--json")
    assert result.exit_code == 0
    assert {name: step["state"] for name, step in steps(result).items()} == {
        "account": "unchanged", "secret": "planned", "overwrites": "planned", "create trigger": "planned"
    }  # fmt: skip
    assert (site.aws.value, site.aws.tags, site.account.changes(), site.knocks) == (None, {}, [], 0)


def test_signing_keys_come_by_the_environment_or_a_file_and_are_kept(site: FakeSite) -> None:
    site.variables["AUTOTAG_NOTIFICATION_SECRETS"] = "333:three, 444:four"
    assert run(site, "--no-probe").exit_code == 0
    assert run(site, "--signing-keys", "-", "--no-probe", stdin="555:five\n\n").exit_code == 0
    assert json.loads(site.aws.value or "") == DOCUMENT | {
        "notification_secrets": {"111": "signer", "333": "three", "444": "four", "555": "five"}
    }
    assert site.knocks == 3 + 4  # one with each secret


def test_a_key_is_rotated_with_both_live_and_then_one_withdrawn() -> None:
    site = FakeSite(OWN | {"api_key": "111", "api_secret": "signer"})
    assert run(site, "--no-probe").exit_code == 0
    assert json.loads(site.aws.value or "")["notification_secrets"] == {"111": "signer", "222": "writer"}
    site.signer = "222"
    assert run(site, "--withdraw", "111").exit_code == 0
    assert site.secrets == {"222": "writer"}
    assert json.loads(run(site, "--withdraw", "111", "--no-probe", "--json").stdout)["changed"] is False


def test_a_wrong_signing_key_is_wrong_usage_and_changes_nothing(site: FakeSite) -> None:
    site.variables["AUTOTAG_NOTIFICATION_SECRETS"] = "333"
    result = run(site)
    assert (result.exit_code, site.account.asked) == (2, [])
    assert "AUTOTAG_NOTIFICATION_SECRETS, entry 1: expected ID:SECRET" in result.stderr


def test_additive_triggers_on_request(site: FakeSite) -> None:
    assert run(site, "--additive", "--no-probe").exit_code == 0
    assert {trigger["additive"] for trigger in site.account.triggers.values()} == {True}
    run(site, "--no-probe")
    assert {trigger["additive"] for trigger in site.account.triggers.values()} == {True}
    run(site, "--not-additive", "--no-probe")
    assert {trigger["additive"] for trigger in site.account.triggers.values()} == {False}


@pytest.mark.parametrize("silent", [False, True], ids=["told in the answer", "found in the list"])
def test_a_trigger_is_changed_in_place(site: FakeSite, silent: bool) -> None:
    site.account.silent_put = silent
    ours = site.account.create(event_type="upload", uri=HOOK, auth_scheme="eddsa_v2")
    others = site.account.create(event_type="upload", uri="https://example.com/")
    result = run(site, "--no-probe")
    assert f"upload -> {HOOK}, which signs by eddsa_v2" in result.stdout
    assert site.account.triggers[ours]["auth_scheme"] == "legacy_hmac"
    assert site.account.triggers[others]["auth_scheme"] == "default"
    assert site.account.events() == sorted(ALL)


@pytest.mark.parametrize("how", ["template", "api"])
def test_a_trigger_that_cannot_be_changed_is_made_anew(site: FakeSite, how: str) -> None:
    more: dict[str, Any] = {"payload_template": {"a": 1}} if how == "template" else {}
    site.account.plain = how == "api"  # it takes nothing but new_uri
    ours = site.account.create(event_type="upload", uri=HOOK, additive=True, **more)
    assert run(site, "--no-probe").exit_code == 0
    assert ours not in site.account.triggers and site.account.events() == sorted(ALL)
    (made,) = [t for t in site.account.triggers.values() if t["event_type"] == "upload"]
    assert (made["auth_scheme"], made["additive"], "payload_template" in made) == ("legacy_hmac", True, False)


@pytest.mark.parametrize("how", ["remembered", "told"])
def test_triggers_of_an_old_url_lead_here(site: FakeSite, how: str) -> None:
    old = "https://old.lambda-url.eu-west-1.on.aws/"
    for event in ALL:
        site.account.create(event_type=event, uri=old)
    if how == "remembered":
        site.aws.tags["autotag:notified-at-webhook"] = old
    assert run(site, "--no-probe", *(["--old-url", old] if how == "told" else [])).exit_code == 0
    assert (site.account.events(old), site.account.events()) == ([], sorted(ALL))
    assert site.aws.tags["autotag:notified-at-webhook"] == HOOK


def test_a_stack_without_a_door_has_its_channel_and_nobody_knocks(site: FakeSite) -> None:
    run(site, "--no-probe")
    site.knocks = 0
    site.outputs = {name: url for name, url in OUTPUTS.items() if not name.startswith("Webhook")}
    site.outputs |= {"Intake": "poll", "PollChannel": "mine", "IntakeFunctionName": "intake"}
    result = run(site, "--json")
    assert result.exit_code == 0 and steps(result)["door"]["state"] == "left out"
    assert (site.account.events("poll://mine"), site.account.events(), site.knocks) == (sorted(ALL), [], 0)
    assert site.aws.tags == {"autotag:notified-at-poll": "poll://mine"}


def test_remove_undoes_it_and_repeating_that_changes_nothing(site: FakeSite) -> None:
    run(site)
    others = site.account.create(event_type="upload", uri="https://example.com/")
    site.aws.written = 0
    removed = run(site, "--remove", "--json")
    assert (removed.exit_code, json.loads(removed.stdout)["changed"]) == (0, True)
    assert list(site.account.triggers) == [others] and site.aws.tags == {}
    assert (site.aws.value, site.aws.written) == ("{}", 2)  # the version before holds nothing either
    assert json.loads(run(site, "--remove", "--json").stdout)["changed"] is False
    assert site.aws.written == 2


def test_another_data_centre_is_told_before_anything_is_changed(site: FakeSite) -> None:
    site.variables["CLOUDINARY_URL"] = f"{URL}?upload_prefix=https://api-eu.cloudinary.com"
    result = run(site)
    assert result.exit_code == 2 and "CloudinaryApiBase=https://api-eu.cloudinary.com" in result.stderr
    assert site.account.asked == []


def test_wrong_credentials_are_told_before_anything_is_changed(site: FakeSite) -> None:
    site.variables["CLOUDINARY_URL"] = "cloudinary://222:wrong@demo"
    result = run(site)
    assert result.exit_code == 1 and "does not accept the credentials" in result.stderr
    assert site.aws.written == 0 and site.account.triggers == {}


def test_without_an_account_it_is_wrong_usage(site: FakeSite) -> None:
    site.variables.clear()
    result = run(site)
    assert result.exit_code == 2 and "CLOUDINARY_URL: is not set" in result.stderr


@pytest.mark.parametrize("denied", ["GetSecretValue", "PutSecretValue", "DescribeSecret", "TagResource"])
def test_what_aws_refuses_is_one_sentence(denied: str) -> None:
    site = FakeSite()
    site.aws.denied.add(denied)
    result = run(site)
    assert result.exit_code == 1 and f"AWS refused (AccessDeniedException): no {denied}" in result.stderr


def test_the_door_is_given_time_to_read_a_new_secret(site: FakeSite) -> None:
    site.door = lambda: 401 if site.time < NOW + 30 else 200
    assert run(site, "--no-probe").exit_code == 0
    assert NOW + 30 <= site.time < NOW + 35


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (401, "refuses what is signed with the key 111"),
        (403, "is not public"),
        (404, "is not public"),
        (429, "WebhookReservedConcurrency"),
        (502, "answers 502"),
        (503, "cannot read the secret"),
    ],
)
def test_a_door_that_does_not_open_is_named_and_no_probe_is_sent(site: FakeSite, status: int, told: str) -> None:
    site.door = lambda: status
    result = run(site, "--json")
    assert result.exit_code == 1
    door = steps(result)["door"]
    assert door["state"] == "failed" and told in f"{door['told']} {door['mend']}" and door["mend"]
    assert "probe" not in steps(result) and site.time <= NOW + 80


def test_a_key_that_is_not_known_is_named_where_the_probe_is_refused(site: FakeSite) -> None:
    site.account.keys["999"] = "oldest"
    site.signer = "999"
    result = run(site, "--json", "--wait", "5")
    probe = steps(result)["probe"]
    assert (result.exit_code, probe["state"], site.images.assets) == (1, "failed", {})
    assert "Cloudinary signs with the key 999, its oldest active one, and the stack knows only 111" in probe["told"]
    assert probe["mend"].startswith("autotag setup --signing-keys -, and type 999:SECRET")


def test_a_probe_of_which_nothing_is_heard_says_where_to_look(site: FakeSite) -> None:
    site.signer = None
    result = run(site, "--json")
    assert "notification has not arrived" in steps(result)["probe"]["told"] and site.time >= NOW + 90
    site.aws.denied.add("FilterLogEvents")
    told = steps(run(site, "--json", "--wait", "1"))["probe"]["told"]
    assert "the cause is not known, the log of notifications cannot be read: AWS refused" in told


def test_an_event_that_cloudinary_refuses_is_left_out_with_a_warning_where_the_service_works_without(
    site: FakeSite,
) -> None:
    site.account.refused = frozenset(("restore_asset_version", "move"))
    result = run(site)

    assert result.exit_code == 0, result.output
    assert site.account.events() == sorted(set(ALL) - site.account.refused)
    assert f"move -> {HOOK}: Cloudinary refuses it" in result.output and "retag --refresh" in result.output


def test_an_event_that_the_service_lives_on_and_cloudinary_refuses_stops_the_set_up(site: FakeSite) -> None:
    site.account.refused = frozenset(("upload",))
    result = run(site)

    assert result.exit_code == 2 and "Invalid event_type upload" in result.output


@pytest.mark.parametrize("status", [401, 403, 420, 429])
def test_credentials_that_are_refused_while_triggers_are_made_are_no_refused_event(status: int, site: FakeSite) -> None:
    site.account.refused, site.account.refuses_with = frozenset(("move",)), status
    result = run(site)

    assert result.exit_code != 0 and "left out" not in result.output
