"""The upload of many files: told on the way, recorded as they arrive, summed up at the end."""

import os
from collections.abc import Sequence
from functools import partial

from autotag.domain.errors import AutotagError
from cli.cloudinary.answers import Refused, Unreachable
from cli.cloudinary.uploading.arrival import Tally, deliver
from cli.cloudinary.uploading.crew import Stop, stopping, work
from cli.cloudinary.uploading.journal import Journal, Unrecorded
from cli.cloudinary.uploading.naming import Item, Named
from cli.cloudinary.uploading.sending import Sender
from cli.meter import meter
from cli.output import note, print_json

_ENOUGH = 20
"""Failures one after another that speak for a common cause."""


def upload_all(named: Named, skipped: int, sender: Sender, journal: Journal, jobs: int, *, as_json: bool) -> int:
    """Upload every file and tell what became of them; return the exit code."""
    tally = Tally(skipped)
    with stopping(lambda: note("Stopping: what is under way is finished first, once more stops at once.")) as stop:
        with meter("Uploading", _bytes(named.items), "files", shown=not as_json) as shown:
            for fault in named.faults:
                shown.complain(fault)
                tally.failure(fault.partition(": ")[0], own=True)
            for item, future in work(named.items, partial(deliver, sender=sender, journal=journal), jobs, stop):
                shown.advance(_size(item), 1)
                try:
                    arrival = future.result()
                except AutotagError as error:
                    shown.complain(f"{item.path}: {error}")
                    tally.failure(item.path, own=not isinstance(error, Refused | Unreachable))
                    _consider(stop, error, tally)
                    continue
                tally.arrival(arrival.how)
                if as_json and arrival.answer is not None:
                    print_json(arrival.answer)
        return _end(tally, stop, len(named.items) + len(named.faults), as_json=as_json)


def _consider(stop: Stop, error: AutotagError, tally: Tally) -> None:
    if isinstance(error, Refused) and error.status == 401:
        stop.reason = "the credentials are refused"
    elif isinstance(error, Unrecorded):
        stop.reason = "what arrives cannot be recorded"
    elif tally.row >= _ENOUGH and not stop:
        stop.reason = f"{tally.row} files failed one after another"


def _end(tally: Tally, stop: Stop, files: int, *, as_json: bool) -> int:
    from cli.output import console

    if as_json:
        note(tally.sentence())
    else:
        tally.show(console())
    if there := tally.arrived["there already"]:
        note(f"{there:,} were there already, perhaps from a try whose answer was lost; --overwrite sends them anew.")
    left = files - tally.arrived.total() - len(tally.failed)
    if left:
        note(f"{left:,} files were not tried: {stop.reason or 'interrupted'}.")
    if stop.signal:
        return 128 + stop.signal
    return 1 if tally.failed or left else 0


def _bytes(items: Sequence[Item]) -> int:
    return sum(map(_size, items))


def _size(item: Item) -> int:
    try:
        return os.stat(item.path).st_size
    except OSError:
        return 0  # the upload will say why
