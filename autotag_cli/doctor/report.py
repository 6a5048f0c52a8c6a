"""The checks in the order of the report: ops function, account, notifications, service, worker."""

from collections.abc import Callable

from autotag.domain.sentences.operations.result import Result
from autotag_cli.doctor.checks import (
    account,
    concurrency,
    events,
    notifications,
    presets,
    rekognition,
    service,
    triggers,
    worker,
)
from autotag_cli.doctor.facts import Facts

_CHECKS: tuple[Callable[[Facts], Result], ...] = (
    service.ops,
    account.secret,
    account.credentials,
    account.cloud,
    account.data_center,
    account.add_on,
    rekognition.rekognition,
    account.admin_budget,
    account.overwrites,
    triggers.triggers,
    triggers.old_triggers,
    triggers.left_channels,
    notifications.scheme,
    presets.categorizing,
    presets.notifying,
    notifications.signing_key,
    notifications.key_use,
    notifications.webhook,
    service.clock,
    service.stopped,
    concurrency.concurrency,
    events.events,
    worker.queue,
    service.dead_letters,
    service.due,
    service.lost_intents,
    service.review,
    service.breaker,
    service.rules,
    worker.last_audit,
)


def report(facts: Facts) -> list[Result]:
    """Return the result of every check; a pure function of the facts."""
    return [check(facts) for check in _CHECKS]
