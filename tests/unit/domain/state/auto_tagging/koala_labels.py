"""The labels of a picture of a koala, and a state from before they came."""

from tests.unit.domain.state.state_builders import REF, REKOGNITION, complete

KOALA = {"Animal": 0.98, "Koala": 0.97, "Mammal": 0.96, "Wildlife": 0.6}
UPLOADED = REF.version * 1000
"""The unix milliseconds of the upload."""
LABELS = {REKOGNITION: complete(KOALA)}
