"""Triggers that ``autotag setup`` makes, changes or leaves, and events that Cloudinary refuses."""

from typing import Any

import pytest

from autotag_cli.setup.destinations import ALL
from tests.unit.autotag_cli.fake_admin_account import HOOK
from tests.unit.autotag_cli.fake_stack import FakeStack
from tests.unit.autotag_cli.setup.setup_command import run


def test_additive_triggers_on_request(stack: FakeStack) -> None:
    assert run(stack, "--additive", "--no-probe").exit_code == 0
    assert {trigger["additive"] for trigger in stack.account.triggers.values()} == {True}
    run(stack, "--no-probe")
    assert {trigger["additive"] for trigger in stack.account.triggers.values()} == {True}
    run(stack, "--not-additive", "--no-probe")
    assert {trigger["additive"] for trigger in stack.account.triggers.values()} == {False}


@pytest.mark.parametrize("silent", [False, True], ids=["told in the answer", "found in the list"])
def test_a_trigger_is_changed_in_place(stack: FakeStack, silent: bool) -> None:
    stack.account.silent_put = silent
    managed_tags = stack.account.create(event_type="upload", uri=HOOK, auth_scheme="eddsa_v2")
    others = stack.account.create(event_type="upload", uri="https://example.com/")
    result = run(stack, "--no-probe")
    assert f"upload -> {HOOK}, which signs by eddsa_v2" in result.stdout
    assert stack.account.triggers[managed_tags]["auth_scheme"] == "legacy_hmac"
    assert stack.account.triggers[others]["auth_scheme"] == "default"
    assert stack.account.events() == sorted(ALL)


@pytest.mark.parametrize("how", ["template", "api"])
def test_a_trigger_that_cannot_be_changed_is_made_anew(stack: FakeStack, how: str) -> None:
    more: dict[str, Any] = {"payload_template": {"a": 1}} if how == "template" else {}
    stack.account.plain = how == "api"  # it takes nothing but new_uri
    managed_tags = stack.account.create(event_type="upload", uri=HOOK, additive=True, **more)
    assert run(stack, "--no-probe").exit_code == 0
    assert managed_tags not in stack.account.triggers and stack.account.events() == sorted(ALL)
    (made,) = [t for t in stack.account.triggers.values() if t["event_type"] == "upload"]
    assert (made["auth_scheme"], made["additive"], "payload_template" in made) == ("legacy_hmac", True, False)


@pytest.mark.parametrize("how", ["remembered", "told"])
def test_triggers_of_an_old_url_lead_here(stack: FakeStack, how: str) -> None:
    old = "https://old.lambda-url.eu-west-1.on.aws/"
    for event in ALL:
        stack.account.create(event_type=event, uri=old)
    if how == "remembered":
        stack.aws.tags["autotag:notified-at-webhook"] = old
    assert run(stack, "--no-probe", *(["--old-url", old] if how == "told" else [])).exit_code == 0
    assert (stack.account.events(old), stack.account.events()) == ([], sorted(ALL))
    assert stack.aws.tags["autotag:notified-at-webhook"] == HOOK


def test_an_event_that_cloudinary_refuses_is_left_out_with_a_warning_where_the_service_works_without(
    stack: FakeStack,
) -> None:
    stack.account.refused = frozenset(("restore_asset_version", "move"))
    result = run(stack)

    assert result.exit_code == 0, result.output
    assert stack.account.events() == sorted(set(ALL) - stack.account.refused)
    assert f"move -> {HOOK}: Cloudinary refuses it" in result.output and "retag --refresh" in result.output


def test_an_event_that_the_service_lives_on_and_cloudinary_refuses_stops_the_set_up(stack: FakeStack) -> None:
    stack.account.refused = frozenset(("upload",))
    result = run(stack)

    assert result.exit_code == 2 and "Invalid event_type upload" in result.output


@pytest.mark.parametrize("status", [401, 403, 420, 429])
def test_credentials_that_are_refused_while_triggers_are_made_are_no_refused_event(
    status: int, stack: FakeStack
) -> None:
    stack.account.refused, stack.account.refuses_with = frozenset(("move",)), status
    result = run(stack)

    assert result.exit_code != 0 and "left out" not in result.output
