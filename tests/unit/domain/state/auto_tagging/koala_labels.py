"""The labels of a picture of a koala."""

from tests.unit.domain.state.state_builders import REKOGNITION, complete

KOALA = {"Animal": 0.98, "Koala": 0.97, "Mammal": 0.96, "Wildlife": 0.6}
LABELS = {REKOGNITION: complete(KOALA)}
