"""``autotag setup`` on the deployed stack: what is missing is made once, and removed again."""

from typing import Any

import pytest

from autotag_cli.setup.destinations import ALL
from autotag_cli.setup.probe import FOLDER
from local.core.credentials import SECRET_VALUE
from local.stack.stack import Stack
from tests.e2e.setup_commands import SIGNING, command, put_secret, secret, states, triggers, webhook_triggers
from tests.e2e.stack_client import simulator_control

pytestmark = pytest.mark.usefixtures("working_stack")
FOREIGN_URI = "https://example.com/hook"


def test_setup_makes_what_is_missing_once_and_leaves_what_is_others(stack: Stack) -> None:
    for trigger in webhook_triggers(stack).values():
        triggers(stack, "DELETE", f"/{trigger['id']}")
    kept = triggers(stack, "POST", uri=FOREIGN_URI, event_type="upload", auth_scheme="default")
    try:
        planned = command(stack, "setup", "--dry-run")
        assert (planned.code, planned.printed["changed"], webhook_triggers(stack)) == (0, False, {})

        first = command(stack, "setup")
        assert (first.code, first.printed["changed"]) == (0, True), first
        assert states(first)["door"] == states(first)["probe"] == "done"
        made = webhook_triggers(stack)
        assert made.keys() == set(ALL) and {t["auth_scheme"] for t in made.values()} == {"legacy_hmac"}

        second = command(stack, "setup")
        assert (second.code, second.printed["changed"], webhook_triggers(stack)) == (0, False, made)
        assert states(second)["secret"] == states(second)["triggers"] == "unchanged"
        assert secret(stack) == SECRET_VALUE
        assert kept["id"] in {trigger["id"] for trigger in triggers(stack)["triggers"]}
    finally:
        triggers(stack, "DELETE", f"/{kept['id']}")


def test_the_probe_leaves_nothing_in_cloudinary(stack: Stack) -> None:
    assert command(stack, "setup").code == 0
    assets = simulator_control(stack, "GET", "assets")["assets"]
    assert not [asset for asset in assets if asset["public_id"].startswith("autotag-probe/")]


def doctor_line(stack: Stack, name: str) -> dict[str, Any]:
    """Return one line of ``autotag doctor``."""
    return next(each for each in command(stack, "doctor").printed["lines"] if each["name"] == name)


def test_setup_finds_out_what_an_overwrite_does_to_tags_and_follows_a_change_of_it(stack: Stack) -> None:
    put_secret(stack, {name: value for name, value in SECRET_VALUE.items() if name != "keeps_tags"})
    unknown = doctor_line(stack, "overwrites")
    assert (unknown["state"], unknown["mend"]) == ("warn", "autotag setup")
    try:
        for keeps, words in ((True, "keeps the tags"), (False, "clears the tags")):
            simulator_control(stack, "PUT", "settings", json={"keep_on_overwrite": keeps})
            planned = command(stack, "setup", "--dry-run")
            assert states(planned)["overwrites"] == "planned" and secret(stack).get("keeps_tags") is not keeps

            found = command(stack, "setup")
            assert (found.code, found.printed["changed"], states(found)["overwrites"]) == (0, True, "done")
            assert secret(stack) == SECRET_VALUE | {"keeps_tags": keeps}
            known = doctor_line(stack, "overwrites")
            assert known["state"] == "ok" and words in known["told"]

            again = command(stack, "setup")
            assert (again.code, again.printed["changed"], states(again)["overwrites"]) == (0, False, "unchanged")
    finally:
        simulator_control(stack, "PUT", "settings", json={"keep_on_overwrite": False})
        put_secret(stack, SECRET_VALUE)
    left = [
        asset for asset in simulator_control(stack, "GET", "assets")["assets"] if asset["public_id"].startswith(FOLDER)
    ]
    assert left == []


def test_remove_undoes_and_setup_does_it_again(stack: Stack) -> None:
    kept = triggers(stack, "POST", uri=FOREIGN_URI, event_type="upload", auth_scheme="default")
    try:
        removed = command(stack, "setup", "--remove")
        assert (removed.code, removed.printed["changed"]) == (0, True)
        assert (webhook_triggers(stack), secret(stack)) == ({}, {})
        assert [trigger["id"] for trigger in triggers(stack)["triggers"]] == [kept["id"]]
        assert command(stack, "setup", "--remove").printed["changed"] is False

        broken = states(command(stack, "doctor"))
        assert (broken["secret"], broken["triggers"]) == ("fail", "fail")

        again = command(stack, "setup", "--writer-key-dedicated", **SIGNING)
        assert again.code == 0 and secret(stack) == SECRET_VALUE and webhook_triggers(stack).keys() == set(ALL)
    finally:
        triggers(stack, "DELETE", f"/{kept['id']}")
