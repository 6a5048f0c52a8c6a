"""The measurements of ``python -m bench.load``, one module for each subject."""
