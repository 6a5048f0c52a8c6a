"""The doctor's lines about triggers and left channels: facts, and the state, finding and fix that are expected."""

from collections.abc import Mapping
from typing import Any

from autotag.domain.sentences.operations.result import Unknown
from autotag_cli.doctor.checks import triggers as trigger_lines
from autotag_cli.doctor.facts import Facts
from autotag_cli.setup.destinations import ALL, Destination
from autotag_cli.setup.intake.left_channel import LeftChannel
from tests.unit.autotag_cli.doctor.doctor_facts import NOBODY, TRIGGERS, WELL, trigger, well
from tests.unit.autotag_cli.fake_admin_account import HOOK

OLD = "https://old.lambda-url.eu-west-1.on.aws/"
OTHER = "https://other.lambda-url.eu-west-1.on.aws/"


def near(statuses: Mapping[str, int | None]) -> Facts:
    """Return facts with triggers that point to other functions, which answer with these statuses."""
    return well(triggers=[*TRIGGERS, *(trigger("upload", url) for url in statuses)], neighbors=statuses)


TAKE_OVER = f"autotag setup --stack prod --old-url {OLD}"
TRIGGER_LINES: list[tuple[Any, Facts, str, str, str]] = [
    (trigger_lines.triggers, WELL, "ok", f"{', '.join(ALL)} -> {HOOK}", ""),
    (
        trigger_lines.triggers,
        well(triggers=[each for each in TRIGGERS if each.event_type != "move"]),
        "warn",
        f"missing: move -> {HOOK}; stored folders and context may be as old as the upload until autotag retag",
        "autotag setup --stack prod",
    ),
    (trigger_lines.triggers, well(triggers=[trigger("all")]), "ok", HOOK, ""),
    (trigger_lines.triggers, well(triggers=TRIGGERS[1:]), "fail", f"missing: upload -> {HOOK}", "autotag setup"),
    (trigger_lines.triggers, well(triggers=[]), "fail", "rename", "autotag setup --stack prod"),
    (
        trigger_lines.triggers,
        well(destinations=(Destination(HOOK, "webhook"), Destination("poll://autotag", "poll"))),
        "fail",
        "upload -> poll://autotag",
        "autotag setup",
    ),
    (trigger_lines.triggers, well(destinations=Unknown("no output")), "fail", "no output", "make deploy"),
    (trigger_lines.triggers, well(triggers=NOBODY), "warn", "not known", ""),
    (trigger_lines.old_triggers, WELL, "ok", "none points", ""),
    (
        trigger_lines.old_triggers,
        well(triggers=[*TRIGGERS, trigger("upload", "https://example.com/")], stored_destinations=(OLD,)),
        "ok",
        "none points",
        "",
    ),
    (
        trigger_lines.old_triggers,
        well(triggers=[*TRIGGERS, trigger("upload", OLD)], stored_destinations=(OLD,)),
        "warn",
        f"an earlier address of this stack: {OLD}",
        "autotag setup --stack prod",
    ),
    (trigger_lines.old_triggers, well(triggers=NOBODY), "warn", "not known", ""),
    (
        trigger_lines.old_triggers,
        near({OLD: None}),
        "warn",
        f"does not answer: {OLD}",
        f"a stack of autotag: {TAKE_OVER}",
    ),
    (trigger_lines.old_triggers, near({OLD: 404}), "warn", f"does not answer: {OLD}", TAKE_OVER),
    (trigger_lines.old_triggers, near({OTHER: 405, OLD: 404}), "warn", f"does not answer: {OLD};", TAKE_OVER),
    (
        trigger_lines.old_triggers,
        near({OLD: 403}),
        "warn",
        "it may live, guarded by IAM",
        f"that is removed: {TAKE_OVER}",
    ),
    (trigger_lines.old_triggers, near({OLD: 405}), "ok", f"lives at {OLD} (405), and keeps its triggers", ""),
    (trigger_lines.old_triggers, near({OLD: 502}), "ok", f"lives at {OLD} (502)", ""),
    (trigger_lines.left_channels, WELL, "ok", "nothing waits", ""),
    (
        trigger_lines.left_channels,
        well(left_channels=[LeftChannel("poll://mine", 3)]),
        "fail",
        "3 notifications still wait in poll://mine",
        'SET="Intake=both PollChannel=mine", then autotag setup --stack prod, and after a minute',
    ),
    (
        trigger_lines.left_channels,
        well(left_channels=[LeftChannel("poll://mine", 1)]),
        "fail",
        "1 notification still",
        "",
    ),
    (trigger_lines.left_channels, well(left_channels=[LeftChannel("poll://mine", 100)]), "fail", "100 or more", ""),
    (trigger_lines.left_channels, well(left_channels=NOBODY), "warn", "not known", ""),
]
