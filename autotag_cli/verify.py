"""``autotag verify``: checks a notification's signature, and names the rule that an invalid one breaks."""

import time
from typing import Annotated

import typer

_KEY = "given"


def verify(
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help="The notification's body, byte for byte as received; - is stdin.")
    ],
    timestamp: Annotated[str, typer.Option(metavar="T", help="The X-Cld-Timestamp header.")],
    signature: Annotated[str, typer.Option(metavar="S", help="The X-Cld-Signature header.")],
    secret: Annotated[
        str,
        typer.Option(
            metavar="X",
            envvar="AUTOTAG_SECRET",
            help="The API secret. In the environment, it stays out of the shell's history.",
        ),
    ],
    now: Annotated[
        float | None, typer.Option(metavar="N", help="The time to check at, in unix seconds.", show_default="now")
    ] = None,
    max_age: Annotated[int, typer.Option(min=0, help="The highest age of the timestamp, in seconds.")] = 7200,
    max_skew: Annotated[int, typer.Option(min=0, help="How far in the future the timestamp may be, in seconds.")] = 300,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check whether a notification's signature is valid, and if not, name the rule that it breaks.

    Exit code 1: it is not valid.
    """
    from autotag.domain.errors import Rejected
    from autotag.domain.notifications.signature import verify as check
    from autotag_cli.input.files import read_bytes

    body = read_bytes(file)
    moment = time.time() if now is None else now
    headers = {"x-cld-timestamp": timestamp, "x-cld-signature": signature}

    def broken_rule(text: bytes) -> str | None:
        try:
            check(text, headers, {_KEY: secret}, now=moment, max_age=max_age, max_skew=max_skew)
        except Rejected as error:
            return error.rule
        return None

    rule = broken_rule(body)
    reason = "" if rule is None else _explain(rule, timestamp, moment, max_age, max_skew)
    if rule == "mismatch" and body.endswith(b"\n") and broken_rule(body.rstrip(b"\r\n")) is None:
        reason = "it is valid without the line break at the end of the file, which was not part of the body"
    _report(rule, reason, as_json=as_json)
    raise typer.Exit(0 if rule is None else 1)


def _report(rule: str | None, reason: str, *, as_json: bool) -> None:
    from autotag_cli.terminal.output import print_json, printable

    if as_json:
        print_json({"valid": rule is None, "rule": rule, "reason": reason or None})
    else:
        typer.echo("valid" if rule is None else f"{rule}: {printable(reason)}")


def _explain(rule: str, timestamp: str, now: float, max_age: int, max_skew: int) -> str:
    match rule:
        case "signature_missing":
            return "the X-Cld-Signature header is empty"
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
