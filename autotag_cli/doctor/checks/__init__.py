"""The checks of doctor, one module for each subject."""
