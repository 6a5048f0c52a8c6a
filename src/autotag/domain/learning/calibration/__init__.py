"""Calibration curves: how likely a label is right at each confidence, with what is not known about it."""
