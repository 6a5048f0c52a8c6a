"""The pure core: what is authentic, what a notification says, what the rules decide, what an audit holds.

Nothing here reads a clock, the environment or the network; everything is a function of its arguments.
"""
