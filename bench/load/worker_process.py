"""The worker in a process that holds nothing else, as in Lambda: what each of some invocations needs.

    python -m bench.load.worker_process EVENTS

EVENTS is a JSON file with the events of the invocations. The last line that is printed is JSON: ``megabytes`` is the
most that the process has held by the end of the init phase, and of each invocation, ``seconds`` the processor time of
each invocation.
"""

import json
import resource
import sys
import time
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
    most, seconds = [_most()], list[float]()
    for event in json.loads(Path(sys.argv[1]).read_text("utf-8")):
        began = time.process_time()
        answer = handler(event, _Minute())
        seconds.append(time.process_time() - began)
        if answer["batchItemFailures"]:
            sys.exit(f"the worker answered {answer}")
        most.append(_most())
    print(json.dumps({"megabytes": most, "seconds": seconds}))


if __name__ == "__main__":
    main()
