"""Rules as tables of numbers, one row for each label name."""
