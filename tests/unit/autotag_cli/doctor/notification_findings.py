"""The doctor's lines about overwrites and notifications: facts, and the state, finding and fix that are expected."""

from typing import Any

from autotag_cli.doctor.checks import account as account_lines
from autotag_cli.doctor.checks import notifications as notification_lines
from autotag_cli.doctor.facts import Facts
from autotag_cli.setup.diagnosis import Diagnosis
from autotag_cli.setup.webhook_log import LogEntry
from tests.unit.autotag_cli.doctor.doctor_facts import NOBODY, TRIGGERS, WELL, trigger, well
from tests.unit.autotag_cli.fake_stack import DOCUMENT


def document(**changes: Any) -> Facts:
    return well(document=({**DOCUMENT, **changes}, ""))


def rejected(at: int, claimed: str = "", rule: str = "mismatch") -> LogEntry:
    return LogEntry("rejected", at, claimed_key=claimed, rule=rule)


V2 = (*TRIGGERS[1:], trigger("upload", auth_scheme="eddsa_v2"))
OVERWRITES: list[tuple[Any, Facts, str, str, str]] = [
    (account_lines.overwrites, document(keeps_tags=False), "ok", "clears the tags", ""),
    (account_lines.overwrites, document(keeps_tags=True), "ok", "keeps the tags", ""),
    (account_lines.overwrites, document(keeps_tags=None), "warn", "it is not known whether", "setup --stack prod"),
    (account_lines.overwrites, well(document=({}, "nothing")), "warn", "not known: it depends", ""),
]
NOTIFICATIONS: list[tuple[Any, Facts, str, str, str]] = [
    (notification_lines.scheme, WELL, "ok", "signed by legacy_hmac", ""),
    (notification_lines.scheme, well(triggers=[trigger("upload", auth_scheme="default")]), "ok", "default", ""),
    (notification_lines.scheme, well(triggers=[trigger("upload", auth_scheme=None)]), "ok", "does not report", ""),
    (notification_lines.scheme, well(triggers=V2), "fail", "upload is signed by eddsa_v2", "autotag setup"),
    (
        notification_lines.scheme,
        well(triggers=[trigger("info", payload_template={"a": 1})]),
        "fail",
        "info is sent in a custom format",
        "autotag setup",
    ),
    (notification_lines.scheme, well(triggers=[trigger("info", filter={"!": 1})]), "warn", "filter", "autotag setup"),
    (notification_lines.scheme, well(triggers=[]), "warn", "not known", ""),
    (notification_lines.signing_key, WELL, "ok", "signed with 111, which the stack knows", ""),
    (notification_lines.signing_key, well(log=(rejected(1, "999"), LogEntry("accepted", 2, "111"))), "ok", "111", ""),
    (notification_lines.signing_key, well(log=(*WELL.log, rejected(3, rule="too_old"))), "ok", "111", ""),
    (
        notification_lines.signing_key,
        well(log=(LogEntry("accepted", 2, "333"),)),
        "fail",
        "signed with 333, which may no longer sign (and it was not withdrawn); the stack knows only 111",
        "autotag setup --stack prod --signing-keys -, and type 333:SECRET",
    ),
    (
        notification_lines.signing_key,
        document(withdrawn_keys=["333"])._replace(log=(LogEntry("accepted", 2, "333"),)),
        "warn",
        "since it was withdrawn; whether Cloudinary signs with another key by now is not known",
        "autotag setup --stack prod, which sends a probe; if that is refused: autotag setup",
    ),
    (
        notification_lines.signing_key,
        document(withdrawn_keys=["333"])._replace(log=(LogEntry("accepted", 2, "333"), rejected(3))),
        "fail",
        "signed with 333, which may no longer sign (1 refused since then)",
        "type 333:SECRET",
    ),
    (notification_lines.signing_key, well(log=()), "warn", "no notification came within a day", "autotag setup"),
    (
        notification_lines.signing_key,
        well(log=(LogEntry("accepted", 2, "111"), rejected(3, "111"))),
        "warn",
        "1 were refused since then",
        "WebhookRejections",
    ),
    (
        notification_lines.signing_key,
        well(log=(LogEntry("accepted", 2, "111"), rejected(3, "999"))),
        "fail",
        "Cloudinary signs with the key 999, its oldest active one, and the stack knows only 111",
        "autotag setup --stack prod --signing-keys -, and type 999:SECRET",
    ),
    (
        notification_lines.signing_key,
        well(log=(rejected(3, "111"),)),
        "fail",
        "the key 111, for which the stack's secret holds another value",
        "type 111:SECRET",
    ),
    (notification_lines.signing_key, well(log=(rejected(3),)), "fail", "signature_key", "ID:SECRET"),
    (notification_lines.signing_key, well(log=NOBODY), "warn", "not known: somebody is down", ""),
    (notification_lines.key_use, WELL, "ok", "the key 222 only writes", ""),
    (
        notification_lines.key_use,
        document(writer_key_dedicated=False),
        "warn",
        "autotag's own writes",
        "--writer-key-dedicated",
    ),
    (
        notification_lines.key_use,
        document(notification_secrets={}),
        "warn",
        "could forge a notification",
        "another API key",
    ),
    (
        notification_lines.key_use,
        document(notification_secrets={"111": "x", "222": "writer"}),
        "warn",
        "the key 222 both calls the API and may sign",
        "Cloudinary signs with 111: autotag setup --stack prod --withdraw 222",
    ),
    (
        notification_lines.key_use,
        document(notification_secrets={"222": "writer"})._replace(log=(LogEntry("accepted", 2, "222"),)),
        "warn",
        "the key 222 both calls the API and may sign",
        "then autotag setup --stack prod --writer-key-dedicated --withdraw NEW_KEY: 222 signs on",
    ),
    (notification_lines.key_use, well(document=({}, "nothing")), "warn", "not known", ""),
    (notification_lines.webhook, WELL, "ok", "signed with the keys that the stack knows: 111", ""),
    (notification_lines.webhook, well(webhook=None), "ok", "there is no webhook", ""),
    (
        notification_lines.webhook,
        well(webhook=Diagnosis("it is shut", "autotag setup")),
        "fail",
        "shut",
        "setup --stack prod",
    ),
    (notification_lines.webhook, well(webhook=NOBODY), "warn", "not known", ""),
]
