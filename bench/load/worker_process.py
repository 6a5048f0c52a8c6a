"""The worker in a process that holds nothing else, as in Lambda: its memory after each of some invocations.

    python -m bench.load.worker_process EVENTS

EVENTS is a JSON file with the events of the invocations. The last line that is printed is a JSON list: the most
megabytes that the process has held by the end of the init phase, and of each invocation.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any


def _most() -> float:
    """Return the most megabytes that this process has held (Linux counts in kilobytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class _Minute:
    """The context of an invocation that has a minute left."""

    aws_request_id = "r"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        """Return a minute."""
        return 60_000


def main() -> None:
    """Invoke the worker with each event."""
    from handlers import worker

    handler: Any = worker.handler
    most = [_most()]
    for event in json.loads(Path(sys.argv[1]).read_text("utf-8")):
        answer = handler(event, _Minute())
        if answer["batchItemFailures"]:
            sys.exit(f"the worker answered {answer}")
        most.append(_most())
    print(json.dumps(most))


if __name__ == "__main__":
    main()
