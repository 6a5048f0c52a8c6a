"""A recorder of the AWS calls of the deployed functions, for tests: Python imports a module of this name by itself.

It runs in the emulated functions alone, where the run's environment puts this folder on ``PYTHONPATH`` and names a
folder for the records. Each process writes one line for each call: the function, the service, the operation and what
the operation is about. The hook is botocore's own (``before-parameter-build``), registered as botocore registers its
built-in ones, so that every client has it.
"""

import json
import os
from typing import Any

_FOLDER, _FUNCTION = (os.environ.get(name) for name in ("AUTOTAG_RECORDED_CALLS", "AWS_LAMBDA_FUNCTION_NAME"))
_NAMED = ("TableName", "IndexName", "QueueUrl", "SecretId", "Bucket", "Key")


def _record(params: dict[str, Any], model: Any, **_: Any) -> None:
    line = {
        "function": _FUNCTION,
        "service": model.service_model.service_name,
        "operation": model.name,
        "named": {name: params[name] for name in _NAMED if name in params},
        "tables": sorted(params.get("RequestItems", {})),
        "buses": sorted({entry["EventBusName"] for entry in params.get("Entries", []) if "EventBusName" in entry}),
    }
    with open(f"{_FOLDER}/{os.getpid()}.jsonl", "a", encoding="utf-8") as file:  # one write, so that no kill tears it
        file.write(json.dumps(line) + "\n")


if _FOLDER and _FUNCTION:
    import botocore.handlers

    os.makedirs(_FOLDER, exist_ok=True)
    botocore.handlers.BUILTIN_HANDLERS.append(("before-parameter-build", _record))
