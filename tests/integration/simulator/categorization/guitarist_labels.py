"""The labels of the guitarist, a recording, as Rekognition's add-on gives them."""

REKOGNITION = "aws_rek_tagging"
GUITARIST = [
    {"tag": "People", "confidence": 0.9922},
    {"tag": "Person", "confidence": 0.9922},
    {"tag": "Human", "confidence": 0.9921},
    {"tag": "Electric Guitar", "confidence": 0.7046},
    {"tag": "Guitar", "confidence": 0.7046},
    {"tag": "Musical Instrument", "confidence": 0.7046},
    {"tag": "Musician", "confidence": 0.5754},
    {"tag": "Performer", "confidence": 0.5754},
]
