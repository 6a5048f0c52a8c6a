"""``make load``: bursts, outages, cold starts and a long life, measured on the deployed code and mostly on a simulated clock."""
