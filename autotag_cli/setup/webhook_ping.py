"""A signed test notification, which the webhook accepts and ignores: it can be reached and knows the secret."""

import json
from collections.abc import Mapping

from autotag.domain.notifications.signature import digest
from autotag_cli.errors import Failure
from autotag_cli.setup.diagnosis import Diagnosis
from autotag_cli.stack.environment import Environment

BODY = json.dumps({"notification_type": "autotag_setup"}).encode()
PATIENCE = 75.0
"""Seconds for which a refusal may come from an older secret: a function looks for a newer one once a minute."""

_FIRST_WAIT, _LONGEST_WAIT = 2.0, 16.0
"""Seconds between attempts, doubling: eight refusals within ``PATIENCE``, since ten ring ``WebhookRejections``."""
_RETRIED = (401, 429, 500, 502, 503, 504)


def ping_webhook(environment: Environment, url: str, secrets: Mapping[str, str], *, patience: float = 0.0) -> Diagnosis:
    """Post one notification for each of ``secrets`` (by key id); retry for ``patience`` seconds where that may help."""
    deadline = environment.now() + patience
    for key, secret in secrets.items():
        wait = _FIRST_WAIT
        while True:
            try:
                status = _post(environment, url, secret)
            except Failure as error:
                return Diagnosis(str(error), "deploy the stack again, or check whether this machine can reach it")
            if status not in _RETRIED or environment.now() >= deadline:
                break
            environment.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT)
        if status != 200:
            return _meaning(status, key)
    return Diagnosis()


def _post(environment: Environment, url: str, secret: str) -> int:
    timestamp = str(int(environment.now()))
    headers = {
        "Content-Type": "application/json",
        "X-Cld-Timestamp": timestamp,
        "X-Cld-Signature": digest(BODY, timestamp, secret),
    }
    return environment.post(url, headers, BODY).status


def _meaning(status: int, key: str) -> Diagnosis:
    match status:
        case 401:
            return Diagnosis(
                f"the webhook refuses what is signed with the key {key}: it has another secret, or its clock is off",
                "autotag setup, and again after five minutes",
            )
        case 403 | 404:
            return Diagnosis(f"the webhook is not public ({status})", "make deploy")
        case 429:
            return Diagnosis(
                "Lambda throttles the webhook (429)", "raise WebhookReservedConcurrency or the account's limit"
            )
        case 503:
            return Diagnosis("the webhook cannot read the secret or the queue is down (503)", "autotag setup")
        case _:
            return Diagnosis(f"the webhook answers {status}", "see docs/operations.md, WebhookErrors")
