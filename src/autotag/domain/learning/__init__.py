"""Learning thresholds from people: verdicts, the library's confidences, calibration curves, proposals, samples."""
