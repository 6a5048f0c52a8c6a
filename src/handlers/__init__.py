"""The Lambda functions: each decodes its event, calls one use-case and maps the result."""

import gc

gc.disable()  # the init phase allocates no garbage, and looking for it costs a cold start 5 %


def ready() -> None:
    """End the init phase: exclude its objects from garbage collection, then turn collection on."""
    gc.freeze()
    gc.enable()
