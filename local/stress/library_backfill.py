"""The backfill of ``make library``: it finds assets without notifications, within the hourly limit of Admin calls."""

import json
from collections import Counter

from local.clients.simulator_control import recorded_calls, simulator_control
from local.clients.tables import audit_records
from local.clients.time_shift import finish_hour_by_hour, start_hour
from local.stack.stack import Progress, Stack
from local.stress.library_steps import WITHIN, Results, autotag_output, wait_until_settled

_PREFIX = "lost/"


def backfill(stack: Stack, lost: int, admin_limit: int, progress: Progress) -> Results:
    """Backfill ``lost`` assets without notifications; an hour passes as soon as its calls are used."""
    progress(f"backfilling {lost:,} assets at {admin_limit:,} Admin calls an hour")
    start_hour(stack, 1)
    simulator_control(stack, "PUT", "settings", json={"admin_limit": admin_limit})
    calls_before = len(recorded_calls(stack, path="*/resources/*"))
    simulator_control(stack, "POST", "seed", json={"count": lost, "prefix": _PREFIX, "notifications": "lost"})
    run_id = str(json.loads(autotag_output(stack, "backfill", "--detach", "--json"))["id"])
    run = finish_hour_by_hour(stack, run_id, hours=1, within=WITHIN)
    wait_until_settled(stack)
    calls = recorded_calls(stack, path="*/resources/*")[calls_before:]
    calls_by_hour = Counter(call["at"][:13] for call in calls)
    refused = sum(call["status"] != 200 for call in calls)
    audited = {
        audit["asset"]["public_id"] for audit in audit_records(stack) if audit["trigger"]["request_id"] == run_id
    }
    expected = {f"{_PREFIX}{number:06d}" for number in range(1, lost + 1)}
    return {
        "status of the backfill": (run["status"], run["status"] == "done"),
        "lost, and found by it": (len(audited & expected), audited >= expected),
        f"Admin calls in each hour, of {admin_limit:,}": (
            ", ".join(str(count) for _, count in sorted(calls_by_hour.items())),
            max(calls_by_hour.values()) <= admin_limit and not refused,
        ),
    }
