"""The call of Rekognition for one version of an asset: never twice for one answer, and within the day's budget."""
