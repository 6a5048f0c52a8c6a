"""``make load``: bursts, outages, cold starts and a long life, with the deployed code, mostly on a simulated clock."""
