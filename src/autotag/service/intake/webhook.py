"""The webhook: queues notifications that are authentic and concern this service, and nothing else."""

from collections.abc import Mapping

from autotag.domain.errors import Rejected, Retryable
from autotag.domain.notifications.signature import claimed_key
from autotag.service.intake.accept import MAX_BODY, IntakeDependencies, IntakeResult, accept, authenticate

_STATUS: dict[IntakeResult, int] = {"accepted": 200, "ignored": 200, "malformed": 400, "too_large": 413}


def handle_webhook(deps: IntakeDependencies, body: bytes, headers: Mapping[str, str]) -> int:
    """Answer one POST with an HTTP status: 200, 400, 401, 413 or 503 (the table in docs/guarantees.md).

    ``headers`` have lower-case names. The response never says which rule failed; the log does.
    """
    telemetry = deps.telemetry
    try:
        credentials, key_id = authenticate(deps, body, headers)
        timestamp = int(headers["x-cld-timestamp"])
        return _STATUS[accept(deps, body, timestamp, credentials, key_id)]
    except Rejected as error:
        large = len(body) > MAX_BODY
        telemetry.count("TooLarge" if large else "Rejected")
        claim = {"claimed_key": claimed_key(body)} if error.rule == "mismatch" and not large else {}
        telemetry.warn("rejected", rule=error.rule, bytes=len(body), **claim)
        return 413 if large else 401
    except Retryable as error:
        telemetry.count("Unavailable")
        telemetry.warn("unavailable", fault=str(error))
        return 503
