"""The pure core: verifies and reads notifications, decides by the rules, builds audits.

No function here reads a clock, the environment or the network: results depend on the arguments alone.
"""
