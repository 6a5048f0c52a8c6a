"""The upload of many files: reported on the way, recorded as they arrive, summed up at the end."""

import os
import re
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from typing import NamedTuple

from autotag.domain.errors import AutotagError, Missing
from autotag_cli.cloudinary.responses import BadRequest, Refused, Unreachable
from autotag_cli.cloudinary.uploading.journal import Journal, JournalError
from autotag_cli.cloudinary.uploading.naming import Item, Named
from autotag_cli.cloudinary.uploading.results import UploadResult, deliver
from autotag_cli.cloudinary.uploading.send import OtherContent, Sender
from autotag_cli.cloudinary.uploading.upload_counts import UploadCounts
from autotag_cli.cloudinary.uploading.worker_pool import Stop, run_all, stop_on_signal
from autotag_cli.terminal.output import note, print_json
from autotag_cli.terminal.progress import ProgressBar, progress_bar

_MAX_IN_A_ROW = 20
"""The number of failures in a row that indicates a common cause."""

_STOPPING = "Stopping: files under way are finished first, a second signal stops at once."


class UploadOptions(NamedTuple):
    """Options of an upload of many files.

    ``completing``: existing assets get what they lack. ``keep_going``: refusals with the same words do not stop the
    upload. ``as_json``: Cloudinary's responses are printed.
    """

    jobs: int
    as_json: bool = False
    completing: bool = False
    keep_going: bool = False


def upload_all(named: Named, skipped: int, sender: Sender, journal: Journal, options: UploadOptions) -> int:
    """Upload every file, report the results, and return the exit code."""
    counts = UploadCounts(skipped)
    do = partial(deliver, sender=sender, journal=journal, completing=options.completing)
    with stop_on_signal(lambda: note(_STOPPING)) as stop:
        with (
            progress_bar(
                "Uploading",
                _bytes(named.items),
                "files",
                visible=not options.as_json,
                waits_for="Cloudinary's answer",
            ) as bar,
            # closed: files under way are recorded first
            closing(run_all(named.items, do, options.jobs, stop)) as finished,
        ):
            for error in named.errors:
                bar.print_error(error)
                counts.count_failure(error.partition(": ")[0], own=True)
            for item, future in finished:
                bar.advance(_size(item), 1)
                try:
                    result = future.result()
                except AutotagError as error:
                    bar.print_error(f"{item.path}: {error}")
                    own = not isinstance(error, Refused | Unreachable)
                    counts.count_failure(item.path, own=own, words=_words(item, error))
                    _set_stop_reason(stop, error, counts, options)
                else:
                    _report(item, result, counts, stop, bar, as_json=options.as_json)
        return _end(counts, stop, len(named.items) + len(named.errors), as_json=options.as_json)


def _report(
    item: Item, result: UploadResult, counts: UploadCounts, stop: Stop, bar: ProgressBar, *, as_json: bool
) -> None:
    counts.count_arrival(result.kind)
    if result.missing:
        counts.add_missing(item.path, result.missing)
    for remark in result.remarks:
        bar.print_error(f"{item.path}: {remark}")
    if as_json and result.answer is not None and not stop.output_failed:
        try:
            print_json(result.answer)
        except OSError as error:
            stop.output_failed, stop.reason = True, f"the responses cannot be printed ({error.strerror})"


def _words(item: Item, error: AutotagError) -> str:
    """Return a refusal without the parts that differ from file to file."""
    if not isinstance(error, BadRequest | Missing | OtherContent):
        return ""
    words = str(error)
    for name in (item.public_id, os.path.basename(item.path)):
        words = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "…", words)
    return words


def _set_stop_reason(stop: Stop, error: AutotagError, counts: UploadCounts, options: UploadOptions) -> None:
    if isinstance(error, Refused) and error.status == 401:
        stop.reason = "the credentials are refused"
    elif isinstance(error, JournalError):
        stop.reason = "arrivals cannot be recorded"
    elif counts.failures_in_row >= _MAX_IN_A_ROW and not stop:
        stop.reason = f"{counts.failures_in_row} files failed one after another"
    elif counts.same_refusals >= _MAX_IN_A_ROW and not stop and not options.keep_going:
        stop.reason = (
            f"{counts.same_refusals} were refused one after another with the same words; if only these files are at "
            "fault, --keep-going tries the others"
        )


def _end(counts: UploadCounts, stop: Stop, files: int, *, as_json: bool) -> int:
    from autotag_cli.terminal.output import console

    if as_json:
        note(counts.sentence())
    else:
        counts.show(console())
    if there := counts.arrived["there already"]:
        note(f"{there:,} were there already, perhaps from a try whose response was lost; --overwrite sends them again.")
    for sentence in counts.completion_hints():
        note(sentence)
    left = files - counts.arrived.total() - len(counts.failed)
    if left:
        note(f"{left:,} files were not tried: {stop.reason or 'interrupted'}.")
    elif stop.output_failed:
        note(f"All files were tried, but {stop.reason}.")
    if stop.signal:
        return 128 + stop.signal
    return 1 if counts.failed or left or stop.output_failed or counts.arrived["not as asked"] else 0


def _bytes(items: Sequence[Item]) -> int:
    return sum(map(_size, items))


def _size(item: Item) -> int:
    try:
        return os.stat(item.path).st_size
    except OSError:
        return 0  # the upload reports why
