"""The lines of the doctor's report in their order: ops function, account, notifications, service."""

from collections.abc import Callable

from autotag_cli.doctor.checks import account as account_lines
from autotag_cli.doctor.checks import notifications as notification_lines
from autotag_cli.doctor.checks import service as service_lines
from autotag_cli.doctor.checks.check import Line
from autotag_cli.doctor.facts import Facts

_LINES: tuple[Callable[[Facts], Line], ...] = (
    service_lines.ops,
    account_lines.secret,
    account_lines.credentials,
    account_lines.cloud,
    account_lines.data_centre,
    account_lines.add_on,
    account_lines.admin_budget,
    account_lines.overwrites,
    notification_lines.triggers,
    notification_lines.old_triggers,
    notification_lines.scheme,
    notification_lines.signing_key,
    notification_lines.key_use,
    notification_lines.door,
    service_lines.clock,
    service_lines.queue,
    service_lines.dead_letters,
    service_lines.due,
    service_lines.breaker,
    service_lines.rules,
    service_lines.last_audit,
)


def report(facts: Facts) -> list[Line]:
    """Return every line of the report; a pure function of the facts."""
    return [line(facts) for line in _LINES]
