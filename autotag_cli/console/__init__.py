"""``autotag console``: the console on this machine, for the stack that the operator's AWS credentials open."""
