"""``autotag verify``: checks a notification's signature, and names the rule that an invalid one breaks."""

import time
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from autotag_cli.verify.body_repairs import Repair

_KEY = "given"


def verify(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE|-",
            help="The notification's body, byte for byte as received, or the Lambda event that holds it; - is stdin.",
        ),
    ],
    secret: Annotated[
        str,
        typer.Option(
            metavar="X",
            envvar="AUTOTAG_SECRET",
            help="The API secret. In the environment, it stays out of the shell's history.",
        ),
    ],
    timestamp: Annotated[
        str | None, typer.Option(metavar="T", help="The X-Cld-Timestamp header.", show_default="that of a Lambda event")
    ] = None,
    signature: Annotated[
        str | None, typer.Option(metavar="S", help="The X-Cld-Signature header.", show_default="that of a Lambda event")
    ] = None,
    now: Annotated[
        float | None, typer.Option(metavar="N", help="The time to check at, in unix seconds.", show_default="now")
    ] = None,
    max_age: Annotated[int, typer.Option(min=0, help="The highest age of the timestamp, in seconds.")] = 7200,
    max_skew: Annotated[int, typer.Option(min=0, help="How far in the future the timestamp may be, in seconds.")] = 300,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check whether a notification's signature is valid, and if not, name the rule that it breaks.

    If the signature is of another body, the usual mistakes are tried: JSON that was parsed and written again, a
    byte-order mark, changed line ends, an added or missing last line end, base64. The answer says which one it is.
    Exit code 1: it is not valid, also if a repaired body would be. 2: invalid input.
    """
    from autotag.domain.errors import Rejected
    from autotag.domain.notifications.signature import verify as check
    from autotag_cli.input.files import display_name, read_bytes
    from autotag_cli.input.lambda_event import read_event
    from autotag_cli.verify.body_repairs import find_repair, hint_of

    body = read_bytes(file)
    moment = time.time() if now is None else now
    event = read_event(body, display_name(file))
    headers = dict(event.headers) if event else {}
    body = event.body if event else body
    for option, header, value in (
        ("--timestamp", "x-cld-timestamp", timestamp),
        ("--signature", "x-cld-signature", signature),
    ):
        if value is not None:
            headers[header] = value
        elif event is None:
            raise typer.BadParameter("expected with a body; only a Lambda event holds the headers", param_hint=option)

    def broken_rule(text: bytes) -> str | None:
        try:
            check(text, headers, {_KEY: secret}, now=moment, max_age=max_age, max_skew=max_skew)
        except Rejected as error:
            return error.rule
        return None

    rule = broken_rule(body)
    repair = find_repair(body, lambda text: broken_rule(text) is None) if rule == "mismatch" else None
    reason = ""
    if repair:
        reason = f"it is valid {repair.how}: {repair.meaning}"
    elif rule:
        reason = _explain(rule, headers.get("x-cld-timestamp", ""), moment, max_age, max_skew)
        reason += hint_of(body) if rule == "mismatch" else ""
    _report(rule, reason, repair, as_json=as_json)
    raise typer.Exit(0 if rule is None else 1)


def _report(rule: str | None, reason: str, repair: "Repair | None", *, as_json: bool) -> None:
    from autotag_cli.terminal.output import print_json, printable

    if as_json:
        changes = list(repair.words) if repair else []
        print_json({"valid": rule is None, "rule": rule, "reason": reason or None, "valid_after": changes})
    else:
        typer.echo("valid" if rule is None else f"{rule}: {printable(reason)}")


def _explain(rule: str, timestamp: str, now: float, max_age: int, max_skew: int) -> str:
    match rule:
        case "signature_missing":
            return "the X-Cld-Signature header is empty"
        case "v2_only":
            return "there is only X-Cld-Signature_v2: choose legacy_hmac as the signature scheme of the trigger"
        case "signature_malformed":
            return "the X-Cld-Signature header is neither 40 nor 64 lower-case hex digits"
        case "timestamp_missing":
            return "the X-Cld-Timestamp header is empty"
        case "timestamp_malformed":
            return "the X-Cld-Timestamp header is not 1 to 12 decimal digits"
        case "too_old":
            return f"the timestamp is {now - int(timestamp):.0f} s old, at most {max_age} s are allowed"
        case "in_future":
            return f"the timestamp is {int(timestamp) - now:.0f} s ahead, at most {max_skew} s are allowed"
        case _:
            return "the signature was not made of exactly this body, this timestamp and this secret"
