"""Due work that nothing reaches makes the alarm on its kind ring, and the other one does not."""

from collections.abc import Callable
from typing import Any

import pytest

from autotag.domain.errors import Retryable
from autotag.service.tagging.due_reads import read_due
from autotag.service.tagging.hand_over import hand_over
from tests.e2e.deployment.alarms import Metric, rings
from tests.fakes.context import Fakes
from tests.fakes.runtime import in_turn
from tests.infra.cloudformation_template import Template, ref, resolved
from tests.unit.service.tagging.due_work.left_intents import leave_intents, leave_polls

ALARMS = {"DueIntentsOld", "DuePollsOld"}


def ringing(template: Template, fakes: Fakes) -> set[str]:
    """Return which alarms ring after five minutes in which the poller reached nothing that is due."""
    fakes.telemetry.measured.clear()
    fakes.due_queue.fails = Retryable("SQS: InternalError")
    fakes.limits.left = 0
    for _ in range(5):
        hand_over(fakes.deps, fakes.due_queue, in_turn, lambda: 0.0)
        read_due(fakes.deps, in_turn, lambda: 0.0)
        fakes.clock.advance(60)
    dimensions = frozenset([("service", "poller"), ("stack", "autotag")])
    values = {Metric("autotag", name, dimensions): each for name, each in fakes.telemetry.measured.items()}
    document = resolved(template.document, {"HasAlarmTopic": False, "HasAlarmEmail": False})
    return {name for name in ALARMS if rings(_named(Template(document).properties(name)), values)}


def _named(alarm: dict[str, Any]) -> dict[str, Any]:
    """Return an alarm of a stack named autotag."""
    named = ref("AWS::StackName")
    dimensions = [
        each | {"Value": "autotag" if each["Value"] == named else each["Value"]} for each in alarm["Dimensions"]
    ]
    return alarm | {"Dimensions": dimensions}


@pytest.mark.parametrize(
    ("leave", "seconds", "name"), [(leave_intents, 1800, "DueIntentsOld"), (leave_polls, 7200, "DuePollsOld")]
)
def test_what_is_due_for_too_long_makes_its_alarm_ring(
    template: Template, leave: Callable[[Fakes, int], None], seconds: int, name: str
) -> None:
    fakes = Fakes()
    leave(fakes, 3)
    assert ringing(template, fakes) == set()
    fakes.clock.advance(seconds - 1200)
    assert ringing(template, fakes) == set()
    fakes.clock.advance(1200)
    assert ringing(template, fakes) == {name}


def test_where_nothing_is_due_no_alarm_rings(template: Template) -> None:
    assert ringing(template, Fakes()) == set()
    for name in ALARMS:
        alarm = template.properties(name)
        assert alarm["TreatMissingData"] == "notBreaching"
        assert alarm["Dimensions"][1]["Value"] == ref("AWS::StackName")
