"""``bench/bulk.py``: work over a whole library, and the requests of a live image to AWS."""
