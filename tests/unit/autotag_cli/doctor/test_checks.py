"""Every line of the doctor in each of its states, with what to do about it."""

from typing import Any

import pytest

from autotag.domain.sentences.operations.result import Result
from autotag_cli.doctor.facts import Facts
from tests.unit.autotag_cli.doctor.account_findings import ACCOUNT
from tests.unit.autotag_cli.doctor.concurrency_findings import CONCURRENCY
from tests.unit.autotag_cli.doctor.event_findings import EVENTS
from tests.unit.autotag_cli.doctor.notification_findings import NOTIFICATIONS, OVERWRITES
from tests.unit.autotag_cli.doctor.preset_findings import PRESETS
from tests.unit.autotag_cli.doctor.rekognition_findings import REKOGNITION
from tests.unit.autotag_cli.doctor.service_findings import SERVICE
from tests.unit.autotag_cli.doctor.trigger_findings import TRIGGER_LINES
from tests.unit.autotag_cli.doctor.work_findings import WORK
from tests.unit.autotag_cli.doctor.worker_findings import WORKER

LINES = (
    REKOGNITION
    + ACCOUNT
    + OVERWRITES
    + NOTIFICATIONS
    + TRIGGER_LINES
    + PRESETS
    + SERVICE
    + WORK
    + WORKER
    + CONCURRENCY
    + EVENTS
)


@pytest.mark.parametrize(
    ("line", "facts", "state", "finding", "fix"),
    [pytest.param(*row, id=f"{row[0].__name__}-{row[2]}-{row[3][:30]}") for row in LINES],
)
def test_a_line_says_what_is_and_what_mends_it(line: Any, facts: Facts, state: str, finding: str, fix: str) -> None:
    found: Result = line(facts)
    assert found.state == state and finding in found.finding and fix in found.fix
    assert bool(found.fix) == (state != "ok" and not found.finding.startswith("not known:"))


def test_no_line_holds_a_secret() -> None:
    for line, facts, *_ in LINES:
        assert not any(secret in repr(line(facts)) for secret in ("writer'", "signer", '"x"'))
