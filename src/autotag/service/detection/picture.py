"""The picture that Rekognition is asked about: the original in a bucket, or else one that Cloudinary delivers."""

from contextlib import suppress

from autotag.domain.detection.answer import read_answer
from autotag.domain.detection.picture import object_key
from autotag.domain.errors import UnreadableObject
from autotag.domain.model.labels import Categorization
from autotag.domain.state.asset_state import AssetState
from autotag.ports.detection import DetectionPorts
from autotag.ports.runtime import Clock


def answer_about(ports: DetectionPorts, state: AssetState, clock: Clock) -> Categorization:
    """Ask about the version of ``state``. An original that cannot be read falls back to a delivered picture, once.

    Raises what ``Detector`` and ``Pictures`` raise.
    """
    if ports.originals is not None:
        format_ = state.facts.format if state.facts else ""
        if key := object_key(ports.originals.key, state.asset, format_):
            with suppress(UnreadableObject):
                return read_answer(ports.detector.of_object(ports.originals.bucket, key), clock.now(), "s3")
    return read_answer(ports.detector.of_bytes(ports.pictures.fetch(state.asset)), clock.now(), "url")
