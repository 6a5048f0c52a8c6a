"""A local Amazon Rekognition: DetectLabels, with labels of the same source as the add-on's."""
