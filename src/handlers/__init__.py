"""The Lambda functions: each decodes its event, calls one use-case and maps the result."""

import gc

gc.disable()  # nothing that the init phase allocates can be collected: looking for it costs a cold start 5 %


def ready() -> None:
    """End the init phase: leave what it made out of collections, and begin to collect."""
    gc.freeze()
    gc.enable()
