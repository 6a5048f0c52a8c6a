"""Images a second of one worker process: the assets of a batch one after another, and side by side.

The worker handles batches of ten uploads with fifty labels each. What it calls only waits: a store of AWS for 5 ms,
Cloudinary for 150 ms. So the figures are waiting and the worker's own processor time; AWS's client is not in them.
"""

import resource
import time
from collections.abc import Callable, Iterator
from itertools import batched
from typing import Any, NamedTuple

from aws_lambda_powertools.utilities.typing import LambdaContext
from msgspec.structs import asdict, replace
from rich.console import Console

from autotag import bootstrap
from autotag.adapters.threads import Threads
from autotag.domain.model.messages import encode
from autotag.ports.runtime import Start
from bench.library.generated_assets import generated_states
from bench.tables import measurement_table
from bench.workload import PROVIDER
from tests.fakes.context import Fakes
from tests.fakes.runtime import in_turn
from tests.fakes.samples import resource as asset_details
from tests.fakes.samples import upload
from tests.unit import conftest as _settings  # noqa: F401 (sets variables that the worker reads)

BATCH = 10
STORE_SECONDS, CLOUDINARY_SECONDS = 0.005, 0.150
RULES = "[defaults]\nthreshold = 0.87\n"
"""Of fifty labels about a dozen become tags."""


class Rate(NamedTuple):
    """Images a second, and the milliseconds of processor time of one."""

    images: float
    processor: float


class _Sleeping:
    """A port whose calls with these names take ``seconds`` longer."""

    def __init__(self, port: Any, seconds: float, *names: str) -> None:
        self._port, self._seconds, self._names = port, seconds, names

    def __getattr__(self, name: str) -> Any:
        if name in self._names:
            time.sleep(self._seconds)
        return getattr(self._port, name)


class _Minute(LambdaContext):
    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 60_000


def batch_rate(images: int, start: Start) -> Rate:
    """Have a worker handle the notifications of ``images`` uploads."""
    from handlers.worker import consume  # reads the settings

    fakes = Fakes(RULES)
    deps = replace(
        fakes.deps,
        store=_Sleeping(fakes.store, STORE_SECONDS, "load", "put", "holders"),
        audits=_Sleeping(fakes.audits, STORE_SECONDS, "put", "get"),
        bus=_Sleeping(fakes.bus, STORE_SECONDS, "announce_all"),
        cloudinary=_Sleeping(fakes.cloudinary, CLOUDINARY_SECONDS, "change_tags", "resource"),
    )
    worker = bootstrap.worker(**asdict(deps), returns=None, start=start)
    batches = [{"Records": list(records)} for records in batched(_records(fakes, images), BATCH, strict=False)]
    began, processor = time.perf_counter(), time.process_time()
    for event in batches:
        if consume(event, _Minute(), worker)["batchItemFailures"]:
            raise RuntimeError("a message failed")
    seconds, processor = time.perf_counter() - began, time.process_time() - processor
    if (decided := len(fakes.audits.records)) != images:
        raise RuntimeError(f"{decided} of {images} images were decided on")
    return Rate(images / seconds, processor / images * 1000)


def _records(fakes: Fakes, images: int) -> Iterator[dict[str, Any]]:
    for number, state in enumerate(generated_states(range(images))):
        labels = {label.name: label.confidence for label in state.categorizations[PROVIDER].labels}
        asset = state.asset
        details = asset_details(asset.asset_id, labels, public_id=asset.public_id)
        fakes.cloudinary.assets[asset.asset_id] = details
        yield {"messageId": str(number), "body": encode(upload(details, digest=f"d{number}"))}


def _resident() -> float:
    """Return the most megabytes that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def report(images: int) -> None:
    """Measure both, one after the other, and print them."""
    batch_rate(BATCH, in_turn)  # fill the caches
    before = _resident()
    ways: dict[str, Callable[[], Rate]] = {
        "one after another": lambda: batch_rate(images, in_turn),
        "side by side": lambda: batch_rate(images, Threads()),
    }
    table = measurement_table(
        f"one worker, {images:,} images in batches of {BATCH}",
        "the assets of a batch", "images a second", "ms an image", "ms of processor time", first_column="left",
    )  # fmt: skip
    for name, measure in ways.items():
        rate = measure()
        table.add_row(name, f"{rate.images:.1f}", f"{1000 / rate.images:.0f}", f"{rate.processor:.1f}")
    console = Console()
    console.print(table)
    console.print(f"memory: {before:.0f} MB before, {_resident():.0f} MB at the most, with the fakes' tables")
