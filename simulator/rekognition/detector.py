"""DetectLabels: what is asked of an image, carried out and logged, with the faults that are due."""

import hashlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from simulator.assets.assets import Asset, AssetStore, Label
from simulator.assets.labels import labels_of, labels_of_file
from simulator.core.background import Background
from simulator.core.clock import Clock, iso_microseconds
from simulator.core.live_settings import LiveSettings
from simulator.core.rate import CallRate
from simulator.core.server_error import ServerError
from simulator.files.derived_picture import original_of
from simulator.rekognition.answers import answered_labels
from simulator.rekognition.calls import DetectCall, DetectCalls
from simulator.rekognition.errors import RekognitionError
from simulator.rekognition.faults import DetectFault, DetectFaults
from simulator.rekognition.images import Images
from simulator.rekognition.requests import DEFAULT_MIN_CONFIDENCE, DetectLabelsRequest, read_request

_ADDON = "aws_rek_tagging"
"""The add-on whose labels a picture gets: it is Rekognition, too."""


class CutConnection(Exception):
    """A fault: the connection is closed without an answer."""


@dataclass
class _Call:
    """One call while it is processed: what is known of it so far."""

    request_id: str
    request: DetectLabelsRequest | None = None
    data: bytes = b""
    asset: Asset | None = None
    fault: DetectFault | None = None
    labels: list[dict[str, Any]] | None = None

    @property
    def name(self) -> str:
        """The name by which faults find the call: a public_id, or ``bucket/key``."""
        if self.asset is not None:
            return self.asset.public_id
        return self.request.object if self.request else ""

    @property
    def digest(self) -> str:
        """The SHA-256 of the image in hex, empty where it was not read."""
        return hashlib.sha256(self.data).hexdigest() if self.data else ""


class Detector:
    """The local Rekognition of the account: its calls, its faults and its rate."""

    def __init__(self, store: AssetStore, settings: LiveSettings, clock: Clock, background: Background) -> None:
        self.calls = DetectCalls()
        self.faults = DetectFaults()
        self._store = store
        self._settings = settings
        self._clock = clock
        self._background = background
        self._images = Images(settings)
        self._rate = CallRate(clock, lambda: settings.current.detect_rate)

    def clear(self) -> None:
        """Forget calls and faults, and begin the rate anew."""
        self.calls.records.clear()
        self.faults.clear()
        self._rate.clear()

    async def detect(self, body: bytes, request_id: str) -> dict[str, Any]:
        """Answer one request. Raises ``RekognitionError``, or ``ServerError`` or ``CutConnection`` for a fault."""
        call = _Call(request_id)
        try:
            answer = await self._detect(call, body)
        except RekognitionError as error:
            self._record(call, error.status, error.name)
            raise
        except ServerError as error:
            self._record(call, error.status, str(error.status))
            raise
        except CutConnection:
            self._record(call, None, "cut")
            raise
        self._record(call, 200)
        return answer

    async def _detect(self, call: _Call, body: bytes) -> dict[str, Any]:
        call.request = read_request(body)
        call.data = await self._images.read(call.request.image)
        call.asset = self._delivered_asset(call.data)
        if not self._rate.take():
            raise RekognitionError("ProvisionedThroughputExceededException")
        fault = call.fault = self.faults.apply(call.name)
        settings = self._settings.current
        await self._background.pause(settings.detect_seconds + (fault.delay if fault else 0.0))
        if fault is None or fault.effect or not fault.replaces:
            call.labels = answered_labels(
                self._found(call),
                call.digest,
                min_confidence=call.request.min_confidence,
                max_labels=call.request.max_labels,
                renamed=settings.renamed_labels,
            )
        if fault is not None:
            _fail(fault)
        return {"Labels": call.labels, "LabelModelVersion": settings.label_model}

    def _delivered_asset(self, data: bytes) -> Asset | None:
        """Return the asset of which ``data`` is a delivered picture, unless it has another file by now."""
        original = original_of(data)
        asset = self._store.by_id(original.asset_id) if original else None
        return asset if asset and original and asset.version == original.version else None

    def _found(self, call: _Call) -> tuple[Label, ...]:
        if call.asset is not None:
            return labels_of(call.asset, _ADDON)
        found = call.request.image.s3_object if call.request else None
        return labels_of_file(call.digest, (PurePosixPath(found.name).stem,) if found else (), _ADDON)

    def _record(self, call: _Call, status: int | None, error: str = "") -> None:
        request = call.request
        self.calls.records.append(
            DetectCall(
                at=iso_microseconds(self._clock.now()),
                request_id=call.request_id,
                digest=call.digest,
                object=request.object if request else "",
                public_id=call.asset.public_id if call.asset else "",
                bytes=len(call.data),
                min_confidence=request.min_confidence if request else DEFAULT_MIN_CONFIDENCE,
                max_labels=request.max_labels if request else None,
                model=self._settings.current.label_model,
                labels=len(call.labels or ()),
                paid=call.labels is not None,
                error=error,
                status=status,
                fault=call.fault is not None,
            )
        )


def _fail(fault: DetectFault) -> None:
    """Raise what ``fault`` says, unless it is a delay alone."""
    if fault.error is not None:
        raise RekognitionError(fault.error, fault.message)
    if fault.status is not None:
        raise ServerError(fault.status)
    if fault.drop:
        raise CutConnection
