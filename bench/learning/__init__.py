"""``python -m bench.learning``: what proposed thresholds do to invented libraries, whose truth is known."""
